#pragma once
// Ports on 127.0.0.1 for servers that are told their port.

namespace rondo::test {

/// A port that is free for TCP and UDP alike at the moment of the call.
[[nodiscard]] int free_port();

/// Whether somebody accepts TCP connections on 127.0.0.1:`port`.
[[nodiscard]] bool is_listening(int port);

}  // namespace rondo::test
