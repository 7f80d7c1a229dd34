// Few ask for the certificate, so nobody else pays for its text.

#include "rondo/tls/tls_info.hpp"

#include "rondo/tls/certificate_text.hpp"

namespace rondo::tls {

std::optional<TlsCertificate> TlsInfo::peer_certificate() const {
  if (!certificate_) return std::nullopt;
  return detail::describe(*certificate_);
}

}  // namespace rondo::tls
