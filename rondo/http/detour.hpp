#pragma once
// What a connection takes beside its target: a proxy, TLS options of its own.

#include <memory>
#include <optional>
#include <string>

#include "rondo/http/proxy_authentication.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/proxy_url.hpp"
#include "rondo/tls/tls_context.hpp"

namespace rondo::http {

/// Part of a route: connections with different detours are never shared. Immutable.
struct Detour : std::enable_shared_from_this<Detour> {
  /// With the credentials that it is given.
  std::optional<proto::ProxyServer> proxy;

  /// How those are shown to an HTTP proxy; null without a proxy. No part of the route.
  std::shared_ptr<ProxyAuthentication> authentication;

  /// What an HTTP proxy is sent beside what it needs.
  proto::HeaderMap proxy_headers;

  /// Requests go to the proxy itself, with the whole URL as their target (RFC 9112 §3.2.2).
  /// Otherwise they go through a tunnel.
  bool is_absolute = false;

  /// The same connection is used for all hosts.
  bool is_shared = false;

  /// In place of the session's; null: that one.
  std::shared_ptr<const tls::TlsContext> tls;

  /// Whom the server's certificate must be for, and what SNI says; empty: the route's host.
  std::string server_hostname;
};

/// Whether both lead the same way. Null is the way without a detour.
[[nodiscard]] bool are_equal(const Detour* a, const Detour* b) noexcept;

}  // namespace rondo::http
