#pragma once
// A small real HTTP proxy on loopback.

#include <string>
#include <string_view>

#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::test {

/// tinyproxy, for "user" with the password "secret" alone.
class Tinyproxy {
 public:
  /// Returns when it accepts connections.
  Tinyproxy();

  /// "http://127.0.0.1:8888"; `credentials` as in "user:secret@".
  [[nodiscard]] std::string url(std::string_view credentials = {}) const {
    return "http://" + std::string(credentials) + server_.address();
  }

 private:
  TemporaryDirectory directory_;
  LoopbackServer server_;
};

}  // namespace rondo::test
