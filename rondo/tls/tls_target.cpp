// A URL writes IPv6 addresses in brackets, and names may end with a dot; certificates and SNI
// (RFC 6066 §3) know neither.

#include "rondo/tls/tls_target.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <utility>

#include "rondo/tls/configuration_error.hpp"

namespace rondo::tls::detail {
namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035 §2.3.4, as text

bool is_ip_address(const std::string& text) noexcept {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

std::string bare(std::string host) {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  const bool has_colon = host.find(':') != std::string::npos;
  if (const auto zone = host.find('%'); has_colon && zone != std::string::npos) host.resize(zone);
  if (host.size() > 1 && host.back() == '.') host.pop_back();
  return host;
}

}  // namespace

TlsTarget::TlsTarget(std::string host, std::uint16_t port)
    : name(bare(std::move(host))),
      is_address(is_ip_address(name)),
      key(fmt::format("{}:{}", name, port)) {
  const bool fits = !name.empty() && name.size() <= kLongestName;
  if (!fits || name.find('\0') != std::string::npos) {
    refuse_option("TLS needs the name or address of the host, of at most 253 characters");
  }
}

}  // namespace rondo::tls::detail
