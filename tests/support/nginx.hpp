#pragma once
// A real HTTP server on loopback.
//
//   rondo::test::Nginx nginx;
//   nginx.url(Nginx::Site::tls_1_3, "/files/1000.txt");   //
//   "https://127.0.0.1:4433/files/1000.txt"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_certificates.hpp"

namespace rondo::test {

/// nginx, one process, with a port of its own for each way to speak to it. All of them, and the
/// Unix socket, offer the same:
///
///   /files/0.txt, 1, 1000, 65536, 1048576   `Nginx::file(size)`, with ranges; PUT and DELETE too
///   /gzip/..., /chunked/...                 the same files, compressed, and in chunks
///   /redirect, /redirect/307                lead to /files/1000.txt and, 307, to /echo
///   /redirect/loop, /redirect/away          lead to themselves, and to the plain port of localhost
///   /secret                                 "secret of user" for user:pass word
///   /digest                                 "digest" for whoever answers a challenge of Digest
///   /status/<code>                          that status, with a body
///   /echo                                   method, content type, body of a request: lines
///   /seen                                   Authorization, Cookie, User-Agent, X-Test: lines
///   /small                                  "small"
///   /hsts                                   the same, and that the host is for https alone
///   /connections                            its count of them: "Active connections: 1 ..."
class Nginx {
 public:
  enum class Site : std::uint8_t {
    plain,             ///< on [::1] too
    no_keep_alive,     ///< closes after each answer, and says so
    short_keep_alive,  ///< closes a connection that was idle for 100 ms
    tls_1_2,
    tls_1_3,
    expired,
    wrong_host,
    unknown_issuer,
  };
  static constexpr std::size_t kSites = 8;
  static constexpr std::array<std::size_t, 5> kFileSizes{0, 1, 1000, 65536, 1048576};

  /// Returns when all its ports accept connections. Throws `std::runtime_error` with nginx's words
  /// when it does not start.
  Nginx();

  [[nodiscard]] int port(Site site) const { return ports_.at(static_cast<std::size_t>(site)); }

  /// The URL of `path` on `site`.
  [[nodiscard]] std::string url(Site site, std::string_view path,
                                std::string_view host = "127.0.0.1") const;

  /// Where it listens beside its ports.
  [[nodiscard]] std::string unix_socket() const { return (directory_.path() / "socket").string(); }

  /// What clients are to trust.
  [[nodiscard]] std::string ca_file() const { return certificates_.ca_file(); }

  /// The content of the file with this size: text, different in every stretch.
  [[nodiscard]] static std::string file(std::size_t size);

 private:
  void start();
  [[nodiscard]] std::string configuration() const;
  [[nodiscard]] std::string server(Site site) const;
  [[nodiscard]] std::string identity(const IdentityFiles& files) const;

  TestCertificates certificates_;
  TemporaryDirectory directory_;
  std::array<int, kSites> ports_{};
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace rondo::test
