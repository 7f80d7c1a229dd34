#pragma once
// A client and a server that speak TLS to each other in memory.

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/runtime/run.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/tls/tls_context.hpp"
#include "rondo/tls/tls_stream.hpp"

#include "tests/support/test_certificates.hpp"

namespace rondo::tls {

using Lower = std::unique_ptr<net::ByteStream>;
using SharedContext = std::shared_ptr<const TlsContext>;

/// The client's end and the server's, or the streams below them. No aggregate: GCC 12 destroys
/// those twice when they are made in an awaiting expression.
template <class Stream>
struct Ends {
  Ends(std::unique_ptr<Stream> of_client, std::unique_ptr<Stream> of_server) noexcept
      : client(std::move(of_client)), server(std::move(of_server)) {}

  std::unique_ptr<Stream> client;
  std::unique_ptr<Stream> server;
};
using LowerEnds = Ends<net::ByteStream>;
using TlsEnds = Ends<TlsStream>;

/// Reads give at most `largest_read` bytes; `capacity` bytes fit in each direction.
LowerEnds memory_ends(std::size_t largest_read = static_cast<std::size_t>(-1),
                      std::size_t capacity = std::size_t{64} * 1024);

class TlsFixture : public ::testing::Test {
 protected:
  /// Certificates are made once for all tests.
  static const test::TestCertificates& certificates();

  /// A client that trusts the test's root.
  [[nodiscard]] static SharedContext client(TlsOptions options);
  [[nodiscard]] static SharedContext client() { return client(TlsOptions()); }

  /// A server with `certificates().good()`, or with another identity.
  [[nodiscard]] static SharedContext server(TlsOptions options);
  [[nodiscard]] static SharedContext server() { return server(TlsOptions()); }
  [[nodiscard]] static SharedContext server(const test::IdentityFiles& identity,
                                            TlsOptions options);
  [[nodiscard]] static SharedContext server(const test::IdentityFiles& identity) {
    return server(identity, TlsOptions());
  }

  [[nodiscard]] static TlsOptions only(TlsVersion version);
};

inline std::string version_name(const ::testing::TestParamInfo<TlsVersion>& info) {
  return info.param == TlsVersion::tls_1_2 ? "tls12" : "tls13";
}

#define RONDO_TLS_ON_EACH_VERSION(suite)                                                         \
  INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values(TlsVersion::tls_1_2, TlsVersion::tls_1_3), \
                           version_name)

/// Shakes hands over `lower`; the client wants `host`.
Task<TlsEnds> shake_hands(LowerEnds lower, SharedContext client, SharedContext server,
                          std::string host = "localhost");

/// `what()` of the `TlsError` that `task` must throw, for the given reason.
template <class T>
Task<std::string> tls_error(TlsError::Reason reason, Task<T> task) {
  try {
    static_cast<void>(co_await std::move(task));
  } catch (const TlsError& error) {
    EXPECT_EQ(static_cast<int>(error.reason()), static_cast<int>(reason)) << error.what();
    co_return error.what();
  }
  ADD_FAILURE() << "no TlsError";
  co_return "";
}

/// What the client's side of a handshake that must fail says.
std::string client_error(TlsError::Reason reason, SharedContext client, SharedContext server,
                         std::string host = "localhost");

Task<std::string> read_some(net::ByteStream& stream, std::size_t at_most = 64 * 1024);
Task<std::string> read_exactly(net::ByteStream& stream, std::size_t size);
Task<std::string> read_to_end(net::ByteStream& stream);

/// `size` bytes in which every stretch is different.
std::string sample(std::size_t size);

}  // namespace rondo::tls
