// Its configuration is a file with its port.

#include "tests/support/tinyproxy.hpp"

#include <vector>

namespace rondo::test {

Tinyproxy::Tinyproxy()
    : server_(
          [this](int port) {
            const auto file = directory_.write(
                "tinyproxy.conf", "Listen 127.0.0.1\nPort " + std::to_string(port) +
                                      "\nTimeout 60\nAllow 127.0.0.1\nBasicAuth user secret\n");
            return std::vector<std::string>{"tinyproxy", "-d", "-c", file.string()};
          },
          directory_.path() / "log") {}

}  // namespace rondo::test
