#pragma once
// The credentials for one proxy, and what it wants of them.

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/digest_auth.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/proxy_url.hpp"

namespace rondo::http {

/// The proxy wants other credentials (RFC 9110 §15.5.8).
inline constexpr int kProxyAuthenticationRequired = 407;

class BodyCheck;

/// Basic, unless the credentials are for Digest alone, until the proxy asks for Digest. Shared by
/// all connections with these credentials, so that one challenge is enough for them. Loop thread
/// only.
class ProxyAuthentication {
 public:
  explicit ProxyAuthentication(const proto::ProxyServer& proxy);

  /// The value of Proxy-Authorization for a request; empty: none, or none that the proxy would
  /// take.
  [[nodiscard]] std::string authorization(const proto::DigestRequest& request);

  /// Whether that is an answer to a challenge of the proxy's. Otherwise there is nothing to prove:
  /// a Digest that the user has made is known to the user alone.
  [[nodiscard]] bool is_digest() const noexcept { return digest_.is_ready(); }

  /// An answer has come to what was sent with `authorization`, with these fields. False: it claims
  /// to be from who knows the password, and is not (RFC 7616 §3.5). A claim that is about the body,
  /// too, is judged if that is given.
  [[nodiscard]] bool take_info(std::string_view authorization, const proto::HeaderMap& headers,
                               std::optional<std::string_view> body = std::nullopt);

  /// What otherwise judges that claim at the end of the body, and throws `refusal`; `hash` is the
  /// `integrity_hash` of `authorization`: nothing without `auth-int`. Keeps `self`.
  [[nodiscard]] static std::unique_ptr<BodyCheck> judge_of_body(
      std::shared_ptr<ProxyAuthentication> self, std::optional<proto::DigestHash> hash,
      std::string_view authorization, const proto::HeaderMap& headers, std::exception_ptr refusal);

  /// A 407 has come, with these fields. True: it makes sense to send the request again.
  [[nodiscard]] bool take_challenge(const proto::HeaderMap& headers);

 private:
  std::string basic_;
  proto::DigestAuth digest_;
  bool has_login_;
};

}  // namespace rondo::http
