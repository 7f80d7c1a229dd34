// Addresses are compared as bytes, so that no spelling of one escapes the list.

#include "rondo/proto/no_proxy.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/ipv4.hpp"
#include "rondo/proto/ipv6.hpp"

namespace rondo::proto {
namespace {

constexpr std::string_view kSeparators = ", \t\r\n";
constexpr std::string_view kDigits = "0123456789";

template <class Number>
bool read_number(std::string_view text, Number& number) {
  if (text.empty() || text.find_first_not_of(kDigits) != std::string_view::npos) return false;
  return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc();
}

bool is_within(std::string_view domain, std::string_view host) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

bool same_bits(const std::uint8_t* a, const std::uint8_t* b, unsigned bits) {
  if (!std::equal(a, a + bits / 8, b)) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned difference = a[bits / 8] ^ b[bits / 8];
  return difference >> (8 - rest) == 0;
}

}  // namespace

NoProxy::NoProxy(std::string_view list) {
  while (true) {
    const std::size_t begin = list.find_first_not_of(kSeparators);
    if (begin == std::string_view::npos) break;
    list.remove_prefix(begin);
    const std::string_view text = list.substr(0, list.find_first_of(kSeparators));
    list.remove_prefix(text.size());
    add(text);
  }
}

void NoProxy::add(std::string_view text) {
  if (text == "*") {
    all_ = true;
    return;
  }
  Member member;
  if (!read_network(text, member)) {
    if (!read_port(text, member)) return;
    if (!read_network(text, member)) {
      if (text.starts_with("*.")) text.remove_prefix(1);
      if (text.ends_with('.')) text.remove_suffix(1);
      if (text.starts_with('.')) text.remove_prefix(1);
      if (text.empty() || text.find_first_of("[]:/") != std::string_view::npos) return;
      member.domain = ascii::lowered(text);
    }
  }
  members_.push_back(std::move(member));
}

// Cuts ":8080" off. False if there is a colon that nothing useful follows.
bool NoProxy::read_port(std::string_view& text, Member& member) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return true;
  if (!read_number(text.substr(colon + 1), member.port) || member.port == 0) return false;
  text = text.substr(0, colon);
  return true;
}

bool NoProxy::read_network(std::string_view text, Member& member) {
  const std::size_t slash = text.find('/');
  if (!read_address(text.substr(0, slash), member)) return false;
  if (slash == std::string_view::npos) {
    member.prefix = static_cast<std::uint8_t>(member.size * 8);
    return true;
  }
  const bool fits =
      read_number(text.substr(slash + 1), member.prefix) && member.prefix <= member.size * 8;
  if (!fits) member.size = 0;
  return fits;
}

bool NoProxy::read_address(std::string_view text, Member& member) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (text.find(':') != std::string_view::npos) {
    const auto pieces = parse_ipv6(text);
    if (!pieces) return false;
    member.size = 16;
    for (std::size_t i = 0; i < pieces->size(); ++i) {
      member.address[2 * i] = static_cast<std::uint8_t>((*pieces)[i] >> 8);
      member.address[2 * i + 1] = static_cast<std::uint8_t>((*pieces)[i] & 0xff);
    }
    return true;
  }
  if (std::count(text.begin(), text.end(), '.') != 3 || !ends_in_a_number(text)) return false;
  const auto address = parse_ipv4(text);
  if (!address) return false;
  member.size = 4;
  for (std::size_t i = 0; i < 4; ++i) {
    member.address[i] = static_cast<std::uint8_t>(*address >> (24 - 8 * i) & 0xff);
  }
  return true;
}

bool NoProxy::matches(std::string_view host, std::uint16_t port) const {
  if (host.empty()) return false;
  if (all_) return true;
  if (members_.empty()) return false;
  Member wanted;
  if (!read_address(host, wanted)) {
    if (host.ends_with('.')) host.remove_suffix(1);
    wanted.domain = ascii::lowered(host);
  }
  return std::any_of(members_.begin(), members_.end(), [&](const Member& member) {
    if (member.port != 0 && member.port != port) return false;
    if (member.size != wanted.size) return false;
    if (member.size == 0) return is_within(member.domain, wanted.domain);
    return same_bits(member.address.data(), wanted.address.data(), member.prefix);
  });
}

}  // namespace rondo::proto
