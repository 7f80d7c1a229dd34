#pragma once
// OpenSSL's error queue, which belongs to the thread.

#include <string>

namespace rondo::tls::detail {

/// The first entry of a queue: the cause.
struct OpensslError {
  bool is_of_tls = false;    ///< the TLS part of OpenSSL reported it; otherwise `reason` is its own
  int reason = 0;            ///< as in SSL_R_...
  int alert = -1;            ///< the peer's, RFC 8446 §6; -1: it sent none
  int operating_system = 0;  ///< an errno
  std::string text;          ///< in words; "unknown error" when the queue was empty
};

/// Empties the queue. Call it before whatever may fail: old entries would be taken for its cause.
void clear_openssl_errors() noexcept;

/// Takes the first entry, and empties the queue.
[[nodiscard]] OpensslError take_openssl_error();

}  // namespace rondo::tls::detail
