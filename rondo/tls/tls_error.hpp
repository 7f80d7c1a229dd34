#pragma once
// What TLS fails with.

#include <cstdint>
#include <string>
#include <utility>

#include "rondo/base/error.hpp"

namespace rondo::tls {

/// TLS did not come about, or broke. `what()` names the peer and says why in words, as in "TLS
/// handshake with b.example:443 failed: hostname mismatch: certificate is for a.example, wanted
/// b.example". What the operating system reports comes as `OsError` instead.
class TlsError : public Error {
 public:
  enum class Reason : std::uint8_t {
    configuration,              ///< an option: a file that cannot be read, a cipher there is not
    certificate_expired,        ///< or its issuer's has
    certificate_not_yet_valid,  ///< often a clock that is wrong
    unknown_issuer,             ///< no chain to a trusted root; self-signed ones too
    hostname_mismatch,          ///< the certificate is for somebody else
    certificate_invalid,        ///< any other fault of a certificate
    pin_mismatch,               ///< a certificate that no pin of the options allows
    refused,                    ///< the peer sent an alert
    protocol,                   ///< the peer does not speak TLS, or breaks its rules
    truncated,                  ///< the connection ended without `close_notify`
    out_of_memory,
  };

  TlsError(Reason reason, std::string message) : Error(std::move(message)), reason_(reason) {}

  [[nodiscard]] Reason reason() const noexcept { return reason_; }

 private:
  Reason reason_;
};

}  // namespace rondo::tls
