#pragma once
// The URL of a proxy: "http://user:password@proxy.example:3128", "socks5h://127.0.0.1:1080".

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/base/result.hpp"

namespace rondo::proto {

/// How a proxy is spoken to. `socks5` wants an address, so the host's name is looked up here;
/// `socks4a` and `socks5h` are given the name, and look it up themselves.
enum class ProxyScheme : std::uint8_t { http, https, socks4a, socks5, socks5h };

/// As in a URL: "socks5h".
[[nodiscard]] std::string_view name_of(ProxyScheme scheme) noexcept;

/// Why a text names no proxy.
enum class ProxyUrlError : std::uint8_t {
  unsupported_scheme,
  invalid_url,
  colon_in_user,
  control_character_in_credentials,
  credentials_too_long,
  password_in_socks4a,
  digest_in_socks,
  credentials_twice
};

/// What is wrong, in words that complete "invalid proxy: ", without the text itself.
[[nodiscard]] std::string_view describe(ProxyUrlError error) noexcept;

/// A proxy, ready to be connected to.
struct ProxyServer {
  ProxyScheme scheme = ProxyScheme::http;
  /// In ASCII and lower case; an IPv6 address without brackets.
  std::string host;
  std::uint16_t port = 0;
  /// Percent-decoded; both empty without credentials. They never belong in a message.
  std::string user;
  std::string password;
  /// The value of Proxy-Authorization (RFC 7617) that may be sent at once; empty without
  /// credentials, for Digest alone, and for SOCKS.
  std::string authorization;

  /// "socks5h://127.0.0.1:1080", without credentials: for messages and traces.
  [[nodiscard]] std::string to_string() const;

  /// Whether it is known who the user is: what answers a challenge.
  [[nodiscard]] bool has_login() const noexcept { return !user.empty() || !password.empty(); }

  /// Whether there is anything to show, be it only the text of a field.
  [[nodiscard]] bool has_credentials() const noexcept {
    return has_login() || !authorization.empty();
  }

  [[nodiscard]] bool is_socks() const noexcept { return scheme >= ProxyScheme::socks4a; }

  friend bool operator==(const ProxyServer&, const ProxyServer&) = default;
};

/// Reads the URL of a proxy. Without a scheme it is "http" (as in curl). Without a port it is the
/// scheme's own: 80, 443, 1080 for SOCKS (as in aiohttp and Go; curl takes 1080 for all). Host and
/// credentials are read as in an http URL, whatever the scheme; path, query and fragment count for
/// nothing.
[[nodiscard]] Result<ProxyServer, ProxyUrlError> parse_proxy_url(std::string_view text);

/// How credentials may be shown to an HTTP proxy: Basic at once, or in no other way than Digest.
enum class ProxyAuthScheme : std::uint8_t { basic, digest };

/// Views for the call.
struct ProxyCredentials {
  std::string_view user;
  std::string_view password;
  ProxyAuthScheme scheme = ProxyAuthScheme::basic;
};

/// Gives `proxy` credentials that its URL does not have; those of a URL are Basic. Otherwise, and
/// where it could not show them, says why and leaves it as it was.
[[nodiscard]] std::optional<ProxyUrlError> give_credentials(ProxyServer& proxy,
                                                            const ProxyCredentials& credentials);

}  // namespace rondo::proto
