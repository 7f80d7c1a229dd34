#pragma once
// What becomes of a connection whose body nobody wants.

#include <chrono>

#include "rondo/http/connection.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::http {

/// How long the rest of a body may take.
inline constexpr std::chrono::seconds kDrainLimit{1};

/// Reads the rest of a body and throws it away, so that its connection can be used again: for at
/// most `kDrainLimit`, and not beyond the loop's end, which nobody has to wait for it. `source`
/// belongs to the connection of `lease`.
void drain_in_background(EventLoop& loop, Lease lease, BodySource& source);

}  // namespace rondo::http
