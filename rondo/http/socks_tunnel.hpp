#pragma once
// A way through a SOCKS proxy.

#include "rondo/net/byte_stream.hpp"
#include "rondo/proto/socks.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// Carries `handshake` out with the proxy at the other end of `stream`; all that comes over it from
/// then on is the target's. Throws `ProxyFailure` when the proxy refuses or speaks something else,
/// and what `stream` throws. The stream outlives the task.
Task<> open_socks_tunnel(net::ByteStream& stream, proto::SocksHandshake handshake);

}  // namespace rondo::http
