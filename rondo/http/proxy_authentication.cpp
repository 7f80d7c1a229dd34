// A body is not hashed: a proxy that asks for auth-int alone gets no answer.

#include "rondo/http/proxy_authentication.hpp"

#include <fmt/format.h>

#include <optional>
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

std::string ProxyAuthentication::authorization(std::string_view method, std::string_view target) {
  if (!digest_.is_ready()) return basic_;
  const auto answer =
      digest_.authorization({.method = method, .target = target, .body = std::nullopt});
  return answer.value_or(std::string());
}

bool ProxyAuthentication::take_challenge(const proto::HeaderMap& headers) {
  if (!has_credentials_) return false;
  return digest_.take(proto::parse_challenges(headers, "Proxy-Authenticate"), client_nonce());
}

}  // namespace rondo::http
