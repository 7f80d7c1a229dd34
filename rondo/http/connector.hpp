#pragma once
// From a route to a connection: name, address, socket, TLS.

#include <memory>

#include "rondo/http/pool.hpp"
#include "rondo/http/session_options.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::http {

/// Opens connections as `options` say. Throws for options that cannot work; see `ClientSession`.
[[nodiscard]] std::unique_ptr<ConnectionSource> make_connector(EventLoop& loop,
                                                               const ConnectorOptions& options);

}  // namespace rondo::http
