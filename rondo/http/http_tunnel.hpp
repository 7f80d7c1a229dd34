#pragma once
// A way through an HTTP proxy: CONNECT (RFC 9110 §9.3.6).

#include "rondo/net/byte_stream.hpp"
#include "rondo/proto/connect_handshake.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Carries `handshake` out with the proxy at the other end of `stream`; all that comes over it from
/// then on is the target's. Gives the head of the proxy's answer. Throws `TunnelRefused` when the
/// proxy answers that there is no tunnel, `ProxyFailure` when it answers anything else, and what
/// `stream` throws. The stream outlives the task.
Task<proto::ResponseHead> open_http_tunnel(net::ByteStream& stream,
                                           proto::ConnectHandshake handshake);

}  // namespace rondo::http
