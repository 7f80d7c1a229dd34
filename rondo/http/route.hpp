#pragma once
// Where a connection leads: what connections are shared by.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace rondo::http {

/// Two requests with equal routes may use the same connection, one after the other.
struct Route {
  bool secure = false;
  std::string host;  ///< as a resolver wants it
  std::uint16_t port = 0;
};

/// The same without a string of its own: to look a route up.
struct RouteView {
  bool secure = false;
  std::string_view host;
  std::uint16_t port = 0;

  RouteView(bool is_secure, std::string_view host_name, std::uint16_t port_number) noexcept
      : secure(is_secure), host(host_name), port(port_number) {}
  RouteView(const Route& route) noexcept : RouteView(route.secure, route.host, route.port) {}

  friend bool operator==(const RouteView&, const RouteView&) = default;
};

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
