// OpenSSL's codes are many and its words are for those who know it; what users meet is given a name
// and plain words, and the rest keeps OpenSSL's.

#include "rondo/tls/tls_failure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <span>

#include "rondo/tls/certificate_text.hpp"

namespace rondo::tls::detail {
namespace {

using Reason = TlsError::Reason;

constexpr std::size_t kNamesShown = 6;

Reason reason_of_certificate(int code) noexcept {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Reason::certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Reason::certificate_not_yet_valid;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return Reason::unknown_issuer;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Reason::hostname_mismatch;
    default:
      return Reason::certificate_invalid;
  }
}

std::string mismatch(const x509_st& certificate, std::string_view wanted) {
  const auto names = names_of(certificate);
  if (names.empty()) {
    return fmt::format("hostname mismatch: certificate is for no host at all ({}), wanted {}",
                       subject_of(certificate), wanted);
  }
  const std::span shown(names.data(), std::min(names.size(), kNamesShown));
  const std::string more = names.size() > shown.size()
                               ? fmt::format(" and {} more", names.size() - shown.size())
                               : std::string();
  return fmt::format("hostname mismatch: certificate is for {}{}, wanted {}",
                     fmt::join(shown, ", "), more, wanted);
}

std::string fault(Reason reason, int code, const x509_st& certificate) {
  switch (reason) {
    case Reason::certificate_expired:
      return fmt::format("certificate has expired on {}", expiry_of(certificate));
    case Reason::certificate_not_yet_valid:
      return fmt::format("certificate is not valid before {}", start_of(certificate));
    case Reason::unknown_issuer:
      return fmt::format("unknown issuer, {} ({})", issuer_of(certificate),
                         X509_verify_cert_error_string(code));
    default:
      return X509_verify_cert_error_string(code);
  }
}

TlsFailure protocol_failure(const OpensslError& error) {
  switch (error.reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return {Reason::protocol, fmt::format("the peer does not speak TLS ({})", error.text)};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
      return {Reason::protocol, "no TLS version in common with the peer"};
    default:
      return {Reason::protocol, error.text};
  }
}

}  // namespace

TlsFailure certificate_failure(int code, int depth, const x509_st& certificate,
                               std::string_view wanted) {
  const Reason reason = reason_of_certificate(code);
  if (reason == Reason::hostname_mismatch) return {reason, mismatch(certificate, wanted)};
  const std::string place = depth == 0 ? "leaf" : fmt::format("issuer at depth {}", depth);
  return {reason, fmt::format("certificate verify failed: {} ({}: {})",
                              fault(reason, code, certificate), place, subject_of(certificate))};
}

TlsFailure failure_of(const OpensslError& error) {
  if (error.alert >= 0) {
    return {Reason::refused,
            fmt::format("the peer refused with alert {}, {}", error.alert, error.text)};
  }
  if (error.reason == ERR_R_MALLOC_FAILURE) return {Reason::out_of_memory, "no memory"};
  if (error.is_of_tls) return protocol_failure(error);
  return {Reason::protocol, error.text};
}

}  // namespace rondo::tls::detail
