// The schemes of SOCKS are strangers to the URL Standard, which would leave their hosts as they
// are written. So the scheme is cut off, and the rest is parsed as an http URL.

#include "rondo/proto/proxy_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/basic_auth.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/percent.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::proto {
namespace {

struct SchemeRow {
  ProxyScheme scheme;
  std::string_view name;
  std::uint16_t port;
};

constexpr SchemeRow kSchemes[] = {{ProxyScheme::http, "http", 80},
                                  {ProxyScheme::https, "https", 443},
                                  {ProxyScheme::socks4a, "socks4a", 1080},
                                  {ProxyScheme::socks5, "socks5", 1080},
                                  {ProxyScheme::socks5h, "socks5h", 1080}};

constexpr std::size_t kMaxSocksText = 255;  // RFC 1929 §2

const SchemeRow* find_scheme(std::string_view name) noexcept {
  const auto* const row = std::find_if(
      std::begin(kSchemes), std::end(kSchemes),
      [&](const SchemeRow& each) { return ascii::equal_ignoring_case(each.name, name); });
  return row != std::end(kSchemes) ? row : nullptr;
}

// The port in front of which a parser of http URLs leaves nothing is 80, if it is there at all:
// for an https URL it is not the default.
std::optional<std::uint16_t> explicit_port(const Url& url, std::string_view rest) {
  if (!url.port().empty()) return url.effective_port();
  const auto as_https = Url::parse(fmt::format("https://{}", rest));
  if (as_https && !as_https->port().empty()) return as_https->effective_port();
  return std::nullopt;
}

std::optional<ProxyUrlError> check_socks_credentials(const ProxyServer& proxy) {
  if (proxy.user.size() > kMaxSocksText || proxy.password.size() > kMaxSocksText) {
    return ProxyUrlError::credentials_too_long;
  }
  const bool has_nul = (proxy.user + proxy.password).find('\0') != std::string::npos;
  if (has_nul) return ProxyUrlError::control_character_in_credentials;
  if (proxy.scheme == ProxyScheme::socks4a && !proxy.password.empty()) {
    return ProxyUrlError::password_in_socks4a;
  }
  return std::nullopt;
}

std::optional<ProxyUrlError> set_basic(ProxyServer& proxy) {
  auto value = basic_auth(proxy.user, proxy.password);
  if (!value) {
    return value.error() == BasicAuthError::colon_in_user
               ? ProxyUrlError::colon_in_user
               : ProxyUrlError::control_character_in_credentials;
  }
  proxy.authorization = std::move(value).value();
  return std::nullopt;
}

std::optional<ProxyUrlError> set_credentials(ProxyServer& proxy, const Url& url) {
  if (!url.has_credentials()) return std::nullopt;
  return give_credentials(
      proxy, {.user = percent_decode(url.username()), .password = percent_decode(url.password())});
}

}  // namespace

std::string_view name_of(ProxyScheme scheme) noexcept {
  return kSchemes[static_cast<std::size_t>(scheme)].name;
}

std::string ProxyServer::to_string() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("{}://[{}]:{}", name_of(scheme), host, port)
                 : fmt::format("{}://{}:{}", name_of(scheme), host, port);
}

Result<ProxyServer, ProxyUrlError> parse_proxy_url(std::string_view text) {
  text = ascii::trim(text);
  const SchemeRow* row = std::begin(kSchemes);
  const std::size_t mark = text.find("://");
  if (mark != std::string_view::npos) {
    row = find_scheme(text.substr(0, mark));
    if (row == nullptr) return Failure{ProxyUrlError::unsupported_scheme};
    text.remove_prefix(mark + 3);
  }
  // A slash or a backslash here would be skipped by the parser, and another part taken for the
  // host.
  if (text.empty() || text.front() == '/' || text.front() == '\\') {
    return Failure{ProxyUrlError::invalid_url};
  }
  const auto url = Url::parse(fmt::format("http://{}", text));
  if (!url) return Failure{ProxyUrlError::invalid_url};
  ProxyServer proxy;
  proxy.scheme = row->scheme;
  proxy.host = url->host_for_connect();
  proxy.port = explicit_port(*url, text).value_or(row->port);
  if (proxy.port == 0) return Failure{ProxyUrlError::invalid_url};
  if (const auto error = set_credentials(proxy, *url)) return Failure{*error};
  return proxy;
}

std::optional<ProxyUrlError> give_credentials(ProxyServer& proxy,
                                              const ProxyCredentials& credentials) {
  if (proxy.has_credentials()) return ProxyUrlError::credentials_twice;
  ProxyServer with = proxy;
  with.user = credentials.user;
  with.password = credentials.password;
  if (proxy.is_socks()) {
    if (credentials.scheme == ProxyAuthScheme::digest) return ProxyUrlError::digest_in_socks;
    if (const auto error = check_socks_credentials(with)) return error;
  } else if (credentials.scheme == ProxyAuthScheme::digest) {
    if (!is_field_value(with.user)) return ProxyUrlError::control_character_in_credentials;
  } else if (const auto error = set_basic(with)) {
    return error;
  }
  proxy = std::move(with);
  return std::nullopt;
}

std::string_view describe(ProxyUrlError error) noexcept {
  switch (error) {
    case ProxyUrlError::unsupported_scheme:
      return "its scheme is none of http, https, socks4a, socks5 and socks5h";
    case ProxyUrlError::invalid_url:
      return "it is not a valid URL";
    case ProxyUrlError::colon_in_user:
      return "its user name has a colon in it";
    case ProxyUrlError::control_character_in_credentials:
      return "its credentials have a control character in them";
    case ProxyUrlError::credentials_too_long:
      return "its user name or its password is too long for SOCKS (255 bytes)";
    case ProxyUrlError::password_in_socks4a:
      return "SOCKS 4a cannot carry a password";
    case ProxyUrlError::digest_in_socks:
      return "SOCKS has no Digest authentication";
    case ProxyUrlError::credentials_twice:
      return "it has credentials in its URL, and others beside it";
  }
  return "";
}

}  // namespace rondo::proto
