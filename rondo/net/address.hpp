#pragma once
// Where a socket can be connected or bound to.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rondo/base/error.hpp"

namespace rondo::net {

/// An address that cannot exist, such as a socket path that is too long for the system.
class AddressError : public Error {
 public:
  using Error::Error;
};

/// An IP address with a port, or the path of a Unix socket. A plain value in the form the operating
/// system takes: copied without allocation, compared byte by byte.
class SocketAddress {
 public:
  enum class Family : std::uint8_t { none, ipv4, ipv6, local };
  using Ipv4 = std::array<std::uint8_t, 4>;
  using Ipv6 = std::array<std::uint8_t, 16>;

  /// No address.
  SocketAddress() noexcept = default;

  /// `bytes` in network order, `port` in host order.
  [[nodiscard]] static SocketAddress ipv4(const Ipv4& bytes, std::uint16_t port) noexcept;

  /// `scope` is the interface's index, needed for link-local addresses only (RFC 4007 §6).
  [[nodiscard]] static SocketAddress ipv6(const Ipv6& bytes, std::uint16_t port,
                                          std::uint32_t scope = 0) noexcept;

  /// 127.0.0.1, or ::1 for `Family::ipv6`.
  [[nodiscard]] static SocketAddress loopback(std::uint16_t port,
                                              Family family = Family::ipv4) noexcept;

  /// A Unix socket in the file system. Throws `AddressError` for a path that is empty, has a NUL or
  /// is longer than the system takes (107 bytes).
  [[nodiscard]] static SocketAddress unix_path(std::string_view path);

  /// A Unix socket in Linux' abstract namespace; any bytes, 107 at most. Throws `AddressError`.
  [[nodiscard]] static SocketAddress unix_abstract(std::string_view name);

  /// Reads "127.0.0.1:80", "[::1]:80", "127.0.0.1", "::1", "[fe80::1%eth0]:80", "unix:/run/x.sock"
  /// and "unix:@abstract". Without a port it is 0. Nothing for any other text; host names are not
  /// looked up. Only dotted decimal is an IPv4 address.
  [[nodiscard]] static std::optional<SocketAddress> parse(std::string_view text);

  /// Reads an IP address without port or brackets. An IPv6 zone ("%eth0", "%2") must exist.
  [[nodiscard]] static std::optional<SocketAddress> parse_ip(std::string_view text,
                                                             std::uint16_t port);

  /// Copies a `sockaddr` of `size` bytes; no address for families other than the above.
  [[nodiscard]] static SocketAddress from_system(const void* sockaddr, std::size_t size) noexcept;

  [[nodiscard]] Family family() const noexcept;
  [[nodiscard]] bool is_ip() const noexcept {
    return family() == Family::ipv4 || family() == Family::ipv6;
  }

  /// 0 for other than IP addresses.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// The same IP address with another port; other addresses as they are.
  [[nodiscard]] SocketAddress with_port(std::uint16_t port) const noexcept;

  /// The interface's index of an IPv6 address, or 0.
  [[nodiscard]] std::uint32_t scope() const noexcept;

  /// The 4 or 16 bytes of an IP address in network order; refers into this object. Empty otherwise.
  [[nodiscard]] std::span<const std::uint8_t> ip_bytes() const noexcept;

  /// The path of a Unix socket, or its abstract name after a NUL; refers into this object. Empty
  /// otherwise.
  [[nodiscard]] std::string_view path() const noexcept;

  /// "127.0.0.1:80", "[::1]:80", "[fe80::1%2]:80", "unix:/run/x.sock", "unix:@abstract"; "none". A
  /// NUL in an abstract name is shown as "@".
  [[nodiscard]] std::string to_string() const;

  /// An IP address without its port: "127.0.0.1", "::1" (RFC 5952). Otherwise as `to_string`.
  [[nodiscard]] std::string ip_string() const;

  /// The `sockaddr` for system calls.
  [[nodiscard]] const void* data() const noexcept { return storage_.data(); }
  [[nodiscard]] unsigned size() const noexcept { return size_; }

  friend bool operator==(const SocketAddress& a, const SocketAddress& b) noexcept {
    return a.size_ == b.size_ && a.storage_ == b.storage_;
  }

 private:
  static constexpr std::size_t kCapacity = 112;  // a sockaddr_un and its padding

  SocketAddress(const void* sockaddr, std::size_t size) noexcept;
  static SocketAddress local(std::string_view path);

  alignas(8) std::array<std::byte, kCapacity> storage_{};
  unsigned size_ = 0;
};

}  // namespace rondo::net

template <>
struct std::hash<rondo::net::SocketAddress> {
  std::size_t operator()(const rondo::net::SocketAddress& address) const noexcept {
    return std::hash<std::string_view>()(
        {static_cast<const char*>(address.data()), address.size()});
  }
};
