// One sentence an error, written for the person who typed the URL.

#include "rondo/proto/url_error.hpp"

namespace rondo::proto {
namespace {

std::string_view describe_ip(UrlError error) noexcept {
  switch (error) {
    case UrlError::ipv4_too_many_parts:
      return "IPv4 address has more than four parts";
    case UrlError::ipv4_non_numeric_part:
      return "host ends in a number but is not an IPv4 address";
    case UrlError::ipv4_out_of_range_part:
      return "a part of the IPv4 address is too large";
    case UrlError::ipv6_unclosed:
      return "IPv6 address is not closed by ']'";
    case UrlError::ipv6_invalid_compression:
      return "IPv6 address begins with a single ':'";
    case UrlError::ipv6_multiple_compression:
      return "IPv6 address has more than one '::'";
    case UrlError::ipv6_too_many_pieces:
      return "IPv6 address has more than eight pieces";
    case UrlError::ipv6_too_few_pieces:
      return "IPv6 address has fewer than eight pieces and no '::'";
    case UrlError::ipv6_invalid_code_point:
      return "IPv6 address has a character that is neither a hexadecimal digit nor ':'";
    case UrlError::ipv6_invalid_ipv4:
      return "IPv4 address at the end of the IPv6 address is malformed";
    default:
      return "not a URL";
  }
}

}  // namespace

std::string_view describe(UrlError error) noexcept {
  switch (error) {
    case UrlError::missing_scheme:
      return "it has no scheme (such as \"https://\") and there is no base URL";
    case UrlError::opaque_base:
      return "it is relative, and the base URL has no path to resolve it against";
    case UrlError::host_missing:
      return "host is missing";
    case UrlError::host_invalid_code_point:
      return "host has a character that is not allowed in a host";
    case UrlError::domain_to_ascii:
      return "host is not a valid international domain name";
    case UrlError::domain_invalid_code_point:
      return "host has a character that is not allowed in a domain name";
    case UrlError::port_out_of_range:
      return "port is larger than 65535";
    case UrlError::port_invalid:
      return "port is not a number";
    case UrlError::unknown_attribute:
      return "a URL has no such attribute";
    case UrlError::read_only_attribute:
      return "origin cannot be set";
    default:
      return describe_ip(error);
  }
}

}  // namespace rondo::proto
