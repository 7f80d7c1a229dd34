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

  /// aiohttp's server: python3-aiohttp, with python3-brotli; python3-zstandard does what it does
  /// not.
  ///
  ///   /echo     a line each: method, HTTP version, Content-Type, Content-Encoding, length and
  ///             SHA-256 of the decoded body, whether it came in chunks
  ///   /form     the parts of a multipart body: name, file name, type and size, a line each
  ///   /refuse   413 to `Expect: 100-continue`, without reading the body
  ///   /stream   "0" to "9" in chunks of their own
  ///   /events   three Server-Sent Events
  ///   /busy?key=K&times=N&after=S&date=1   503 to the first N requests with that key, with
  ///             Retry-After in seconds or, with `date`, as a date
  ///   /first-hangs?key=K   answers all requests with that key but the first, with their number
  ///   /arrived?key=K   when those came, in ms since the first
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
