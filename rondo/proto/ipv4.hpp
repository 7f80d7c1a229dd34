#pragma once
// IPv4 addresses as the URL Standard reads and writes them (§3.5): hexadecimal, octal and short
// forms are addresses too, so that no two spellings of one host pass for two hosts.

#include <cstdint>
#include <string>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/url_error.hpp"

namespace rondo::proto {

/// True if the last label of `host` is a number: then it is an IPv4 address or nothing.
[[nodiscard]] bool ends_in_a_number(std::string_view host) noexcept;

/// The address in host byte order: 127.0.0.1 is 0x7f000001.
[[nodiscard]] Result<std::uint32_t, UrlError> parse_ipv4(std::string_view text);

/// Appends `address` in dotted decimal.
void append_ipv4(std::uint32_t address, std::string& out);

}  // namespace rondo::proto
