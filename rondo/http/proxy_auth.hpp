#pragma once
// Who a proxy lets through: what the option `proxy_auth` of sessions and requests takes.
//
//   ClientSession session({.proxy = "http://proxy.example:3128",
//                          .proxy_auth = DigestAuth{"fred", password}});

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "rondo/http/auth.hpp"
#include "rondo/proto/proxy_url.hpp"

namespace rondo::http {

/// Credentials that are only shown as Digest (RFC 7616): nothing is sent before the proxy has
/// asked, and a proxy that asks for something else gets no answer.
struct DigestAuth {
  std::string_view user;
  std::string_view password;
};

/// `BasicAuth`, which is sent at once, and followed by Digest if the proxy asks for that, or
/// `DigestAuth`; nothing by default. A view (docs/design.md §10).
class ProxyAuthOption {
 public:
  constexpr ProxyAuthOption() noexcept = default;
  constexpr ProxyAuthOption(const BasicAuth& auth) noexcept
      : credentials_{{auth.user, auth.password, proto::ProxyAuthScheme::basic}} {}
  constexpr ProxyAuthOption(const DigestAuth& auth) noexcept
      : credentials_{{auth.user, auth.password, proto::ProxyAuthScheme::digest}} {}

  [[nodiscard]] constexpr const std::optional<proto::ProxyCredentials>& credentials()
      const noexcept {
    return credentials_;
  }

 private:
  std::optional<proto::ProxyCredentials> credentials_;
};

static_assert(std::is_trivially_destructible_v<ProxyAuthOption>);

/// The same for a session, which keeps it.
class SessionProxyAuth {
 public:
  SessionProxyAuth() = default;
  SessionProxyAuth(const BasicAuth& auth) : SessionProxyAuth(ProxyAuthOption(auth)) {}
  SessionProxyAuth(const DigestAuth& auth) : SessionProxyAuth(ProxyAuthOption(auth)) {}

  /// As long as this object lasts.
  [[nodiscard]] std::optional<proto::ProxyCredentials> credentials() const noexcept {
    if (!scheme_) return std::nullopt;
    return proto::ProxyCredentials{user_, password_, *scheme_};
  }

 private:
  explicit SessionProxyAuth(const ProxyAuthOption& option)
      : user_(option.credentials()->user),
        password_(option.credentials()->password),
        scheme_(option.credentials()->scheme) {}

  std::string user_;
  std::string password_;
  std::optional<proto::ProxyAuthScheme> scheme_;
};

}  // namespace rondo::http
