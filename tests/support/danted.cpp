// Dante listens before it has read the rest of its configuration, and answers when it has.

#include "tests/support/danted.hpp"

#include <vector>

namespace rondo::test {
namespace {

std::string configuration(int port) {
  return "logoutput: stderr\n"
         "internal: 127.0.0.1 port = " +
         std::to_string(port) +
         "\n"
         "external: lo\n"
         "clientmethod: none\n"
         "socksmethod: none\n"
         "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }\n"
         "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 log: connect }\n";
}

}  // namespace

Danted::Danted()
    : server_(
          [this](int port) {
            const auto file = directory_.write("danted.conf", configuration(port));
            return std::vector<std::string>{
                "danted", "-f", file.string(), "-p", (directory_.path() / "pid").string(),
                "-N",     "1"};
          },
          directory_.path() / "log") {}

}  // namespace rondo::test
