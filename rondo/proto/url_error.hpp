#pragma once
// Why a string is no URL.

#include <cstdint>
#include <string_view>

namespace rondo::proto {

/// The failures of the URL parser, named after the validation errors of the URL Standard (§1.1)
/// where it has a name for them.
enum class UrlError : std::uint8_t {
  missing_scheme,
  opaque_base,
  host_missing,
  host_invalid_code_point,
  domain_to_ascii,
  domain_invalid_code_point,
  ipv4_too_many_parts,
  ipv4_non_numeric_part,
  ipv4_out_of_range_part,
  ipv6_unclosed,
  ipv6_invalid_compression,
  ipv6_multiple_compression,
  ipv6_too_many_pieces,
  ipv6_too_few_pieces,
  ipv6_invalid_code_point,
  ipv6_invalid_ipv4,
  port_out_of_range,
  port_invalid,
  unknown_attribute,
  read_only_attribute
};

/// What is wrong, in words that complete "invalid URL: ...".
[[nodiscard]] std::string_view describe(UrlError error) noexcept;

}  // namespace rondo::proto
