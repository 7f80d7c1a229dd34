#pragma once
// Which certificates alone a client accepts from its peers.

#include <string>
#include <vector>

#include "rondo/tls/tls_options.hpp"

struct x509_st;

namespace rondo::tls::detail {

/// SHA-256 of the certificate (DER), as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string fingerprint_of(const x509_st& certificate);

/// "sha256//" and the base64 of the SHA-256 of its public key (SubjectPublicKeyInfo, RFC 7469
/// §2.4).
[[nodiscard]] std::string public_key_pin_of(const x509_st& certificate);

/// The pins of a context. Immutable.
class CertificatePins {
 public:
  /// Throws `TlsError` for a pin that no certificate can have.
  explicit CertificatePins(const TlsOptions& options);

  [[nodiscard]] bool empty() const noexcept { return certificates_.empty() && keys_.empty(); }

  /// Whether one of the pins is that of `certificate`.
  [[nodiscard]] bool match(const x509_st& certificate) const;

 private:
  std::vector<std::string> certificates_;  // as `fingerprint_of` writes them
  std::vector<std::string> keys_;          // as `public_key_pin_of` does
};

}  // namespace rondo::tls::detail
