#pragma once
// IPv6 addresses as the URL Standard reads and writes them (§3.5, RFC 5952).

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/url_error.hpp"

namespace rondo::proto {

/// The eight 16-bit pieces, each in host byte order.
using Ipv6Pieces = std::array<std::uint16_t, 8>;

/// `text` has no brackets. Zones ("%eth0") are refused.
[[nodiscard]] Result<Ipv6Pieces, UrlError> parse_ipv6(std::string_view text);

/// Appends `pieces` in lower case, the longest run of zero pieces as "::", without brackets.
void append_ipv6(const Ipv6Pieces& pieces, std::string& out);

}  // namespace rondo::proto
