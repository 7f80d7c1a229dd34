// Reading and writing addresses as text. inet_pton takes exactly the forms that are safe: four
// decimal numbers without leading zeros for IPv4, RFC 4291 §2.2 for IPv6.

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "rondo/net/address.hpp"

namespace rondo::net {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// The index of an interface that is named or numbered.
std::optional<std::uint32_t> parse_zone(std::string_view zone) {
  const std::uint32_t index = ::if_nametoindex(std::string(zone).c_str());
  if (index != 0) return index;
  const auto number = parse_number<std::uint32_t>(zone);
  return number && *number != 0 ? number : std::nullopt;
}

std::optional<SocketAddress> parse_ipv4(const std::string& text, std::uint16_t port) {
  SocketAddress::Ipv4 bytes{};
  if (::inet_pton(AF_INET, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return SocketAddress::ipv4(bytes, port);
}

std::optional<SocketAddress> parse_ipv6(const std::string& text, std::uint16_t port) {
  const std::size_t percent = text.find('%');
  std::optional<std::uint32_t> scope = 0;
  if (percent != text.npos) scope = parse_zone(std::string_view(text).substr(percent + 1));
  SocketAddress::Ipv6 bytes{};
  const bool is_address = ::inet_pton(AF_INET6, text.substr(0, percent).c_str(), bytes.data()) == 1;
  if (!scope || !is_address) return std::nullopt;
  return SocketAddress::ipv6(bytes, port, *scope);
}

std::optional<SocketAddress> parse_unix(std::string_view path) {
  try {
    if (path.starts_with('@')) return SocketAddress::unix_abstract(path.substr(1));
    return SocketAddress::unix_path(path);
  } catch (const AddressError&) {
    return std::nullopt;
  }
}

/// "[...]:80" or "[...]".
std::optional<SocketAddress> parse_bracketed(std::string_view text) {
  const std::size_t end = text.find(']');
  if (end == text.npos) return std::nullopt;
  const std::string_view rest = text.substr(end + 1);
  const std::string host(text.substr(1, end - 1));
  if (rest.empty()) return parse_ipv6(host, 0);
  if (rest.front() != ':') return std::nullopt;
  const auto port = parse_number<std::uint16_t>(rest.substr(1));
  return port ? parse_ipv6(host, *port) : std::nullopt;
}

}  // namespace

std::optional<SocketAddress> SocketAddress::parse_ip(std::string_view text, std::uint16_t port) {
  if (text.find('\0') != text.npos) return std::nullopt;
  const std::string host(text);
  return text.find(':') != text.npos ? parse_ipv6(host, port) : parse_ipv4(host, port);
}

std::optional<SocketAddress> SocketAddress::parse(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) return parse_unix(text.substr(kUnixPrefix.size()));
  if (text.find('\0') != text.npos) return std::nullopt;
  if (text.starts_with('[')) return parse_bracketed(text);
  const std::size_t colon = text.find(':');
  if (colon == text.npos || text.find(':', colon + 1) != text.npos) return parse_ip(text, 0);
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  return port ? parse_ip(text.substr(0, colon), *port) : std::nullopt;
}

std::string SocketAddress::ip_string() const {
  if (!is_ip()) return to_string();
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int system_family = family() == Family::ipv4 ? AF_INET : AF_INET6;
  ::inet_ntop(system_family, ip_bytes().data(), text.data(), text.size());
  return scope() == 0 ? std::string(text.data()) : fmt::format("{}%{}", text.data(), scope());
}

std::string SocketAddress::to_string() const {
  switch (family()) {
    case Family::ipv4:
      return fmt::format("{}:{}", ip_string(), port());
    case Family::ipv6:
      return fmt::format("[{}]:{}", ip_string(), port());
    case Family::local: {
      std::string text = fmt::format("{}{}", kUnixPrefix, path());
      std::replace(text.begin(), text.end(), '\0', '@');
      return text;
    }
    case Family::none:
      break;
  }
  return "none";
}

}  // namespace rondo::net
