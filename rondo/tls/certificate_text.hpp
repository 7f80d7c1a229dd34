#pragma once
// Certificates in words.

#include <string>
#include <vector>

#include "rondo/tls/openssl_handles.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::tls::detail {

[[nodiscard]] std::string subject_of(const x509_st& certificate);
[[nodiscard]] std::string issuer_of(const x509_st& certificate);

/// The hosts and addresses it is for.
[[nodiscard]] std::vector<std::string> names_of(const x509_st& certificate);

[[nodiscard]] std::string start_of(const x509_st& certificate);
[[nodiscard]] std::string expiry_of(const x509_st& certificate);

[[nodiscard]] TlsCertificate describe(const x509_st& certificate);

}  // namespace rondo::tls::detail
