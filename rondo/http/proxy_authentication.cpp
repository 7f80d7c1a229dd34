// A body that is a stream is not hashed: a proxy that asks for auth-int alone gets no answer then.

#include "rondo/http/proxy_authentication.hpp"

#include <fmt/format.h>

#include <random>

#include "rondo/proto/challenge.hpp"

namespace rondo::http {
namespace {

std::string client_nonce() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

ProxyAuthentication::ProxyAuthentication(const proto::ProxyServer& proxy)
    : basic_(proxy.authorization),
      digest_(proxy.user, proxy.password),
      has_credentials_(!proxy.user.empty() || !proxy.password.empty()) {}

std::string ProxyAuthentication::authorization(const proto::DigestRequest& request) {
  if (!digest_.is_ready()) return basic_;
  return digest_.authorization(request).value_or(std::string());
}

bool ProxyAuthentication::take_info(std::string_view authorization,
                                    const proto::HeaderMap& headers) {
  const auto info = headers.get("Proxy-Authentication-Info");
  return !info || digest_.take_info(authorization, *info) != proto::ServerProof::wrong;
}

bool ProxyAuthentication::take_challenge(const proto::HeaderMap& headers) {
  if (!has_credentials_) return false;
  return digest_.take(proto::parse_challenges(headers, "Proxy-Authenticate"), client_nonce());
}

}  // namespace rondo::http
