#pragma once
// Hosts whose addresses need no question.

#include <cstdint>
#include <optional>
#include <string_view>

#include "rondo/dns/resolver.hpp"

namespace rondo::dns {

/// The addresses of an IP address (an IPv6 one also in brackets) and of "localhost" with all names
/// below it, which are the loopback addresses and never asked for (RFC 6761 §6.3). Nothing for
/// other names. Throws `ResolveError` for an IP address that is not of the family.
[[nodiscard]] std::optional<Resolution> resolve_locally(std::string_view host, std::uint16_t port,
                                                        Family family);

/// Throws `ResolveError` unless `host` can be asked for: ASCII without spaces and control
/// characters, labels of 1 to 63 bytes, 253 bytes in all (RFC 1035 §2.3.4); a dot may end it.
void require_host_name(std::string_view host);

/// Whether `address` is of `family`.
[[nodiscard]] bool is_of_family(const net::SocketAddress& address, Family family) noexcept;

/// "the name has no IPv6 address"
[[nodiscard]] ResolveError no_address(std::string_view host, Family family);

}  // namespace rondo::dns
