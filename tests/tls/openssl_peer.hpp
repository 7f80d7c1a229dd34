#pragma once
// A peer that does what a well-behaved one would not.

#include <functional>
#include <memory>
#include <string>

#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/task.hpp"

#include "tests/support/test_certificates.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace rondo::tls {

/// OpenSSL itself over a byte stream, for tests to call what they like of it.
class OpensslPeer {
 public:
  /// `version` is as in TLS1_3_VERSION.
  static OpensslPeer server(std::unique_ptr<net::ByteStream> lower,
                            const test::IdentityFiles& identity, int version);
  static OpensslPeer client(std::unique_ptr<net::ByteStream> lower, int version);

  OpensslPeer(OpensslPeer&&) noexcept = default;

  [[nodiscard]] ssl_st* native() const noexcept { return ssl_.get(); }

  /// Calls `step` until it no longer wants input, and sends what it puts out. Throws
  /// `std::runtime_error` with OpenSSL's words when it fails.
  Task<int> carry_out(std::function<int(ssl_st*)> step);

  Task<> handshake();
  Task<> write(std::string text);
  Task<std::string> read_exactly(std::size_t size);

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const noexcept;
    void operator()(ssl_st* ssl) const noexcept;
  };

  OpensslPeer(std::unique_ptr<net::ByteStream> lower, ssl_ctx_st* context);
  Task<> flush();

  std::unique_ptr<net::ByteStream> lower_;
  std::unique_ptr<ssl_ctx_st, Free> context_;
  std::unique_ptr<ssl_st, Free> ssl_;
};

}  // namespace rondo::tls
