// The bytes are a sockaddr throughout; it is read and written through local copies, so no object is
// ever seen under a type that it does not have. What is beyond `size_` is always zero, which makes
// equality a comparison of bytes.

#include "rondo/net/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace rondo::net {
namespace {

constexpr std::size_t kPathOffset = offsetof(sockaddr_un, sun_path);
constexpr std::size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;

template <class T>
T read_as(const SocketAddress& address) noexcept {
  T value{};
  std::memcpy(&value, address.data(), std::min<std::size_t>(sizeof value, address.size()));
  return value;
}

void require_length(std::string_view kind, std::string_view text) {
  if (text.size() <= kMaxPath) return;
  throw AddressError("the " + std::string(kind) + " of a Unix socket has at most " +
                     std::to_string(kMaxPath) + " bytes, not " + std::to_string(text.size()));
}

}  // namespace

SocketAddress::SocketAddress(const void* sockaddr, std::size_t size) noexcept
    : size_(static_cast<unsigned>(size)) {
  static_assert(kCapacity >= sizeof(sockaddr_un) && kCapacity >= sizeof(sockaddr_in6));
  std::memcpy(storage_.data(), sockaddr, size);
}

SocketAddress SocketAddress::ipv4(const Ipv4& bytes, std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  std::memcpy(&address.sin_addr, bytes.data(), bytes.size());
  return {&address, sizeof address};
}

SocketAddress SocketAddress::ipv6(const Ipv6& bytes, std::uint16_t port,
                                  std::uint32_t scope) noexcept {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_scope_id = scope;
  std::memcpy(&address.sin6_addr, bytes.data(), bytes.size());
  return {&address, sizeof address};
}

SocketAddress SocketAddress::loopback(std::uint16_t port, Family family) noexcept {
  if (family != Family::ipv6) return ipv4({127, 0, 0, 1}, port);
  return ipv6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, port);
}

SocketAddress SocketAddress::local(std::string_view path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return {&address, kPathOffset + path.size()};
}

SocketAddress SocketAddress::unix_path(std::string_view path) {
  if (path.empty()) throw AddressError("the path of a Unix socket is empty");
  if (path.find('\0') != path.npos) throw AddressError("the path of a Unix socket has a NUL");
  require_length("path", path);
  return local(path);
}

SocketAddress SocketAddress::unix_abstract(std::string_view name) {
  require_length("abstract name", name);
  return local('\0' + std::string(name));
}

SocketAddress SocketAddress::from_system(const void* sockaddr, std::size_t size) noexcept {
  sa_family_t family = AF_UNSPEC;
  if (size < sizeof family) return {};
  std::memcpy(&family, sockaddr, sizeof family);
  if (family == AF_INET && size >= sizeof(sockaddr_in)) return {sockaddr, sizeof(sockaddr_in)};
  if (family == AF_INET6 && size >= sizeof(sockaddr_in6)) return {sockaddr, sizeof(sockaddr_in6)};
  if (family != AF_UNIX || size > sizeof(sockaddr_un)) return {};
  // The system counts the NUL behind a path, but not in an abstract name.
  const auto* bytes = static_cast<const char*>(sockaddr);
  const bool is_path = size > kPathOffset && bytes[kPathOffset] != '\0';
  if (!is_path) return {sockaddr, size};
  return {sockaddr, kPathOffset + ::strnlen(bytes + kPathOffset, size - kPathOffset)};
}

SocketAddress::Family SocketAddress::family() const noexcept {
  if (size_ == 0) return Family::none;
  switch (read_as<sa_family_t>(*this)) {
    case AF_INET:
      return Family::ipv4;
    case AF_INET6:
      return Family::ipv6;
    default:
      return Family::local;
  }
}

std::uint16_t SocketAddress::port() const noexcept {
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  return is_ip() ? ntohs(read_as<sockaddr_in>(*this).sin_port) : std::uint16_t{0};
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const noexcept {
  SocketAddress changed = *this;
  const in_port_t value = htons(port);
  if (is_ip()) {
    std::memcpy(changed.storage_.data() + offsetof(sockaddr_in, sin_port), &value, sizeof value);
  }
  return changed;
}

std::uint32_t SocketAddress::scope() const noexcept {
  return family() == Family::ipv6 ? read_as<sockaddr_in6>(*this).sin6_scope_id : 0;
}

std::span<const std::uint8_t> SocketAddress::ip_bytes() const noexcept {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(storage_.data());
  switch (family()) {
    case Family::ipv4:
      return {bytes + offsetof(sockaddr_in, sin_addr), sizeof(in_addr)};
    case Family::ipv6:
      return {bytes + offsetof(sockaddr_in6, sin6_addr), sizeof(in6_addr)};
    default:
      return {};
  }
}

std::string_view SocketAddress::path() const noexcept {
  if (family() != Family::local || size_ < kPathOffset) return {};
  return {reinterpret_cast<const char*>(storage_.data()) + kPathOffset, size_ - kPathOffset};
}

}  // namespace rondo::net
