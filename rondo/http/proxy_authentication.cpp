// A body that is a stream is not hashed: a proxy that asks for auth-int alone gets no answer then.

#include "rondo/http/proxy_authentication.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

#include "rondo/http/body_proof.hpp"
#include "rondo/proto/challenge.hpp"
#include "rondo/proto/digest_hash.hpp"

namespace rondo::http {
namespace {

constexpr std::string_view kInfo = "Proxy-Authentication-Info";

std::string client_nonce() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

ProxyAuthentication::ProxyAuthentication(const proto::ProxyServer& proxy)
    : basic_(proxy.authorization),
      digest_(proxy.user, proxy.password),
      has_login_(proxy.has_login()) {}

std::string ProxyAuthentication::authorization(const proto::DigestRequest& request) {
  if (!digest_.is_ready()) return basic_;
  return digest_.authorization(request).value_or(std::string());
}

bool ProxyAuthentication::take_info(std::string_view authorization, const proto::HeaderMap& headers,
                                    std::optional<std::string_view> body) {
  const auto info = is_digest() ? headers.get(kInfo) : std::nullopt;
  if (!info) return true;
  std::optional<std::string> hash;
  if (const auto function =
          body ? proto::DigestAuth::integrity_hash(authorization) : std::nullopt) {
    hash = proto::digest_hash(*function, *body);
  }
  return digest_.take_info(authorization, *info, hash) != proto::ServerProof::wrong;
}

std::unique_ptr<BodyCheck> ProxyAuthentication::judge_of_body(
    std::shared_ptr<ProxyAuthentication> self, std::optional<proto::DigestHash> hash,
    std::string_view authorization, const proto::HeaderMap& headers, std::exception_ptr refusal) {
  proto::DigestAuth* const digest = &self->digest_;
  return check_of_body(hash,
                       {.auth = {std::move(self), digest},
                        .authorization = std::string(authorization),
                        .info_field = kInfo,
                        .info = std::string(headers.get(kInfo).value_or(""))},
                       std::move(refusal));
}

bool ProxyAuthentication::take_challenge(const proto::HeaderMap& headers) {
  if (!has_login_) return false;
  return digest_.take(proto::parse_challenges(headers, "Proxy-Authenticate"), client_nonce());
}

}  // namespace rondo::http
