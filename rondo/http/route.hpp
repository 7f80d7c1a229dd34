#pragma once
// Where a connection leads: what connections are shared by.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/http/detour.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::http {

struct Route;

/// A route without a string of its own: to look one up.
struct RouteView {
  bool secure = false;
  std::string_view host;
  std::uint16_t port = 0;
  const Detour* detour = nullptr;  ///< null: straight to the host, with the session's TLS options

  RouteView(bool is_secure, std::string_view host_name, std::uint16_t port_number,
            const Detour* its_detour = nullptr) noexcept
      : secure(is_secure), host(host_name), port(port_number), detour(its_detour) {}
  RouteView(const Route& route) noexcept;

  friend bool operator==(const RouteView& a, const RouteView& b) noexcept {
    return a.secure == b.secure && a.port == b.port && a.host == b.host &&
           (a.detour == b.detour || are_equal(a.detour, b.detour));
  }
};

/// The way to `url` by `detour`, which may be null. Both outlive the view.
[[nodiscard]] inline RouteView route_to(const proto::Url& url, const Detour* detour) noexcept {
  if (detour != nullptr && detour->is_shared) return {false, {}, 0, detour};
  return {url.scheme_kind() == proto::SchemeKind::https, url.host_for_connect(),
          url.effective_port(), detour};
}

/// Two requests with equal routes may use the same connection, one after the other.
struct Route {
  bool secure = false;
  std::string host;  ///< as a resolver wants it; empty: any, behind a proxy
  std::uint16_t port = 0;
  std::shared_ptr<const Detour> detour;

  explicit Route(const RouteView& view)
      : secure(view.secure),
        host(view.host),
        port(view.port),
        detour(view.detour != nullptr ? view.detour->shared_from_this() : nullptr) {}
};

inline RouteView::RouteView(const Route& route) noexcept
    : RouteView(route.secure, route.host, route.port, route.detour.get()) {}

struct RouteHash {
  using is_transparent = void;
  std::size_t operator()(const RouteView& route) const noexcept {
    const std::size_t rest = static_cast<std::size_t>(route.port) << 1 | (route.secure ? 1 : 0);
    return std::hash<std::string_view>{}(route.host) ^ (rest * 0x9e3779b97f4a7c15U);
  }
};

struct RouteEqual {
  using is_transparent = void;
  bool operator()(const RouteView& a, const RouteView& b) const noexcept { return a == b; }
};

}  // namespace rondo::http
