#pragma once
// Busy polling before sleeping, for those who trade processor time for microseconds.

#include <chrono>

#include "rondo/runtime/clock.hpp"

namespace rondo::detail {

class Reactor;

/// `reactor.poll(limit)`, which is not 0, but looks again and again for as long as `spin` before it
/// sleeps for the rest.
void poll_spinning(Reactor& reactor, TimeSource& time, Clock::duration spin,
                   std::chrono::milliseconds limit) noexcept;

}  // namespace rondo::detail
