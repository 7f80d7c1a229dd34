#pragma once
// Connections before there is a request for them.

#include <cstddef>
#include <memory>

#include "rondo/http/request.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Opens connections for `request` until there are `count` along its route, within the limits of
/// the pool, side by side. Gives how many it has opened. Throws the `ClientError` of the first that
/// failed, when all have ended.
Task<std::size_t> warm_up(std::shared_ptr<SessionCore> core, Request request, std::size_t count);

}  // namespace rondo::http
