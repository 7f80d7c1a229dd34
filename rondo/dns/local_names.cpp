// What is decided here costs no system call, so no cache need remember it.

#include "rondo/dns/local_names.hpp"

#include <algorithm>
#include <string>

#include "rondo/base/ascii.hpp"

namespace rondo::dns {
namespace {

using net::SocketAddress;

constexpr std::chrono::hours kLocalTtl{24};  // these addresses never change
constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;

std::string_view without_last_dot(std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

bool is_localhost(std::string_view host) noexcept {
  constexpr std::string_view kName = "localhost";
  host = without_last_dot(host);
  if (host.size() < kName.size()) return false;
  const std::string_view above = host.substr(0, host.size() - kName.size());
  return (above.empty() || above.ends_with('.')) &&
         ascii::equal_ignoring_case(host.substr(above.size()), kName);
}

Resolution loopback(std::uint16_t port, Family family) {
  Resolution resolution{{}, kLocalTtl};
  for (const auto kind : {SocketAddress::Family::ipv6, SocketAddress::Family::ipv4}) {
    const SocketAddress address = SocketAddress::loopback(port, kind);
    if (is_of_family(address, family)) resolution.addresses.push_back(address);
  }
  return resolution;
}

std::string_view without_brackets(std::string_view host) noexcept {
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return has_brackets ? host.substr(1, host.size() - 2) : host;
}

[[noreturn]] void refuse_name(std::string_view host, const char* reason) {
  throw ResolveError(ResolveError::Kind::bad_name, std::string(host), reason);
}

bool belongs_in_a_name(char c) noexcept {
  return ascii::is_ascii(c) && !ascii::is_control(c) && c != ' ' && c != '\\';
}

}  // namespace

std::optional<Resolution> resolve_locally(std::string_view host, std::uint16_t port,
                                          Family family) {
  if (is_localhost(host)) return loopback(port, family);
  const auto address = SocketAddress::parse_ip(without_brackets(host), port);
  if (!address) return std::nullopt;
  if (!is_of_family(*address, family)) throw no_address(host, family);
  return Resolution{{*address}, kLocalTtl};
}

void require_host_name(std::string_view host) {
  if (!std::all_of(host.begin(), host.end(), belongs_in_a_name)) {
    refuse_name(host, "a host name has no such characters");
  }
  std::string_view rest = without_last_dot(host);
  if (rest.size() > kLongestName) refuse_name(host, "the name is longer than 253 bytes");
  while (true) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    if (label.empty()) refuse_name(host, "the name is empty, or a part of it is");
    if (label.size() > kLongestLabel) refuse_name(host, "a part of the name is over 63 bytes");
    if (dot == std::string_view::npos) return;
    rest.remove_prefix(dot + 1);
  }
}

bool is_of_family(const net::SocketAddress& address, Family family) noexcept {
  switch (family) {
    case Family::ipv4:
      return address.family() == SocketAddress::Family::ipv4;
    case Family::ipv6:
      return address.family() == SocketAddress::Family::ipv6;
    case Family::any:
      break;
  }
  return true;
}

ResolveError no_address(std::string_view host, Family family) {
  const char* kind = family == Family::ipv4 ? "IPv4 " : family == Family::ipv6 ? "IPv6 " : "";
  return {ResolveError::Kind::no_address, std::string(host),
          std::string("it has no ") + kind + "address"};
}

}  // namespace rondo::dns
