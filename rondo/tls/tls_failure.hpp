#pragma once
// Why TLS failed, as it is kept until somebody asks.

#include <optional>
#include <string>
#include <string_view>

#include "rondo/tls/openssl_errors.hpp"
#include "rondo/tls/openssl_handles.hpp"
#include "rondo/tls/tls_error.hpp"

namespace rondo::tls::detail {

struct TlsFailure {
  TlsError::Reason reason = TlsError::Reason::protocol;
  std::string words;
};

/// The verification found `certificate`, `depth` steps above the peer's own, at fault. `code` is an
/// X509_V_ERR_... and `wanted` the host.
[[nodiscard]] TlsFailure certificate_failure(int code, int depth, const x509_st& certificate,
                                             std::string_view wanted);

/// OpenSSL has failed for any other reason.
[[nodiscard]] TlsFailure failure_of(const OpensslError& error);

}  // namespace rondo::tls::detail
