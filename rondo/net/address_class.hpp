#pragma once
// What kind of network an address belongs to: what a program that fetches what strangers ask for
// has to know before it connects.

#include <cstdint>
#include <string_view>

#include "rondo/net/address.hpp"

namespace rondo::net {

/// By the IANA special-purpose address registries (RFC 6890) and the multicast ranges.
enum class AddressClass : std::uint8_t {
  global,         ///< reachable from the whole internet
  unspecified,    ///< 0.0.0.0, ::
  loopback,       ///< 127.0.0.0/8, ::1
  private_use,    ///< RFC 1918; unique local (fc00::/7); site-local (fec0::/10)
  shared,         ///< 100.64.0.0/10, behind a carrier's NAT
  link_local,     ///< 169.254.0.0/16, fe80::/10: cloud metadata services live here
  multicast,      ///< 224.0.0.0/4, ff00::/8
  broadcast,      ///< 255.255.255.255
  documentation,  ///< 192.0.2.0/24 and others, 2001:db8::/32, 3fff::/20
  benchmarking,   ///< 198.18.0.0/15, 2001:2::/48
  reserved,       ///< for protocols, for the future, or not assigned at all
  local_socket,   ///< a Unix socket
  none,           ///< no address
};

/// An IPv6 address that stands for an IPv4 address (mapped, NAT64, 6to4) is classified
/// as that one, since that is where its packets go.
[[nodiscard]] AddressClass classify(const SocketAddress& address) noexcept;

/// Whether the whole internet could reach the address: the test behind `--deny-private`. False for
/// Unix sockets.
[[nodiscard]] inline bool is_public(const SocketAddress& address) noexcept {
  return classify(address) == AddressClass::global;
}

/// In words, as in "a loopback address".
[[nodiscard]] std::string_view describe(AddressClass kind) noexcept;

}  // namespace rondo::net
