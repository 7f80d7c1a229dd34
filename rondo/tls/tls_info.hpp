#pragma once
// What is known of an established TLS connection.

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct x509_st;

namespace rondo::tls {

namespace detail {
class TlsEngine;
}

/// The peer's certificate, as text. Whatever a certificate may hide in it, no control character is
/// left.
struct TlsCertificate {
  std::string subject;  ///< as in "C=DE, O=Example, CN=www.example"
  std::string issuer;
  std::vector<std::string> names;  ///< of hosts, then addresses (subjectAltName)
  std::string not_before;          ///< as in "2030-01-31 23:59:59 UTC"
  std::string not_after;
  std::string sha256;          ///< its fingerprint: 64 lower-case hexadecimal digits
  std::string public_key_pin;  ///< as in `TlsOptions::public_key_pins`
};

struct TlsInfo {
  std::string version;  ///< "TLSv1.2" or "TLSv1.3"
  std::string cipher;   ///< as in "TLS_AES_256_GCM_SHA384"
  std::string alpn;     ///< the protocol agreed on, or empty
  bool resumed = false;

  /// Nothing: the peer has shown none. Written out anew by each call, which takes longer than a
  /// small request. Any thread may ask.
  [[nodiscard]] std::optional<TlsCertificate> peer_certificate() const;

 private:
  friend class detail::TlsEngine;
  std::shared_ptr<const x509_st> certificate_;
};

}  // namespace rondo::tls
