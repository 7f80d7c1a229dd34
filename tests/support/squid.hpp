#pragma once
// A real HTTP proxy on loopback, which speaks TLS to its clients too.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_certificates.hpp"

namespace rondo::test {

/// squid, one process, without a cache. It lets everybody through, or those who are "user" with the
/// password "secret", or requests that have "X-Test: gate", as `Access` says. Answers that it has
/// read and passed on have a field X-Cache; what goes through its tunnels has not.
class Squid {
 public:
  enum class Access : std::uint8_t { open, basic, digest, marked };

  /// Returns when its ports accept connections. Throws `std::runtime_error` with squid's words when
  /// it does not start.
  explicit Squid(Access access);

  /// What its clients are to trust.
  [[nodiscard]] std::string ca_file() const { return certificates_.ca_file(); }

  /// "http://127.0.0.1:3128"; `credentials` as in "user:secret@".
  [[nodiscard]] std::string url(std::string_view credentials = {}) const;

  /// The same over TLS: "https://127.0.0.1:3129".
  [[nodiscard]] std::string tls_url(std::string_view credentials = {}) const;

 private:
  void start();
  [[nodiscard]] std::string configuration() const;

  Access access_;
  TestCertificates certificates_;
  TemporaryDirectory directory_;
  int port_ = 0;
  int tls_port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace rondo::test
