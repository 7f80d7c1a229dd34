#pragma once
// A real SOCKS server on loopback.

#include <string>
#include <string_view>

#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::test {

/// dante's server, for SOCKS 4 and 5, open to loopback. (What it makes of version 4a is not what
/// clients mean.)
class Danted {
 public:
  /// Returns when it accepts connections.
  Danted();

  /// "socks5h://127.0.0.1:1080"
  [[nodiscard]] std::string url(std::string_view scheme) const {
    return std::string(scheme) + "://" + server_.address();
  }

  /// What it has logged: each connection is a line with "pass(1): tcp/connect".
  [[nodiscard]] std::string log() const { return server_.process().output(); }

 private:
  TemporaryDirectory directory_;
  LoopbackServer server_;
};

}  // namespace rondo::test
