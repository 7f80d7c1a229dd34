// The common host, ASCII without a '%', is checked and put into lower case in one pass and written
// in place; everything else takes the way over percent-decoding and IDNA.

#include "rondo/proto/url_host.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/ascii_set.hpp"
#include "rondo/proto/idna.hpp"
#include "rondo/proto/ipv4.hpp"
#include "rondo/proto/ipv6.hpp"
#include "rondo/proto/percent.hpp"

namespace rondo::proto {
namespace {

constexpr AsciiSet kForbiddenInHost({"\0\t\n\r #/:<>?@[\\]^|", 17});

/// What a character becomes in a domain: itself in lower case, or 0 if it must not be there.
using DomainTable = std::array<char, 256>;

constexpr DomainTable make_domain_table() {
  DomainTable table{};
  for (std::size_t i = 0x20; i < 0x7f; ++i) {
    const char c = static_cast<char>(i);
    table[i] = kForbiddenInHost.contains(c) || c == '%' ? '\0' : ascii::to_lower(c);
  }
  return table;
}

constexpr DomainTable kDomainTable = make_domain_table();

/// Replaces the domain behind `begin` by the IPv4 address that it stands for, if it is one.
Result<HostKind, UrlError> finish_domain(std::size_t begin, std::string& out) {
  const std::string_view domain = std::string_view(out).substr(begin);
  if (!ends_in_a_number(domain)) return HostKind::domain;
  const auto address = parse_ipv4(domain);
  if (!address) return Failure{address.error()};
  out.resize(begin);
  append_ipv4(*address, out);
  return HostKind::ipv4;
}

Result<HostKind, UrlError> append_ascii_domain(std::string_view text, std::string& out) {
  const std::size_t begin = out.size();
  for (const char c : text) {
    const char lower = kDomainTable[static_cast<unsigned char>(c)];
    if (lower == '\0') return Failure{UrlError::domain_invalid_code_point};
    out.push_back(lower);
  }
  return finish_domain(begin, out);
}

Result<HostKind, UrlError> append_domain(std::string_view text, std::string& out) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return ascii::is_ascii(c) && c != '%'; });
  if (plain) return append_ascii_domain(text, out);
  const auto domain = domain_to_ascii(percent_decode(text));
  if (!domain || domain->empty()) return Failure{UrlError::domain_to_ascii};
  return append_ascii_domain(*domain, out);
}

Result<HostKind, UrlError> append_bracketed(std::string_view text, std::string& out) {
  if (!text.ends_with(']')) return Failure{UrlError::ipv6_unclosed};
  const auto pieces = parse_ipv6(text.substr(1, text.size() - 2));
  if (!pieces) return Failure{pieces.error()};
  out.push_back('[');
  append_ipv6(*pieces, out);
  out.push_back(']');
  return HostKind::ipv6;
}

Result<HostKind, UrlError> append_opaque(std::string_view text, std::string& out) {
  if (text.empty()) return HostKind::empty;
  if (kForbiddenInHost.find_in(text) != std::string_view::npos) {
    return Failure{UrlError::host_invalid_code_point};
  }
  percent_encode(text, PercentSet::c0_control, out);
  return HostKind::opaque;
}

}  // namespace

Result<HostKind, UrlError> append_host(std::string_view text, bool special, std::string& out) {
  if (text.starts_with('[')) return append_bracketed(text, out);
  return special ? append_domain(text, out) : append_opaque(text, out);
}

}  // namespace rondo::proto
