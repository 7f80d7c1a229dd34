#pragma once
// Servers that others wrote, in Python: aiohttp's, and httpbin.

#include <string>
#include <string_view>

#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::test {

/// A program for Debian's Python, whose packages the tests may rely on, with its port as the only
/// argument.
class PythonServer {
 public:
  /// httpbin under Flask's own server: python3-httpbin.
  static const PythonServer& httpbin();

  /// aiohttp's server: python3-aiohttp.
  ///
  ///   /echo     a line each: method, HTTP version, Content-Type, Content-Encoding, length and
  ///             SHA-256 of the decoded body, whether it came in chunks
  ///   /form     the parts of a multipart body: name, file name, type and size, a line each
  ///   /refuse   413 to `Expect: 100-continue`, without reading the body
  ///   /stream   "0" to "9" in chunks of their own
  ///   /events   three Server-Sent Events
  static const PythonServer& aiohttp();

  [[nodiscard]] std::string url(std::string_view path) const {
    return "http://" + server_.address() + std::string(path);
  }

 private:
  explicit PythonServer(const std::string& program);

  TemporaryDirectory directory_;
  LoopbackServer server_;
};

}  // namespace rondo::test
