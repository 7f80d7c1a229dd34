#pragma once
// The hosts that are reached without a proxy: the list in the variable no_proxy, or in the
// command's
// --no-proxy. No RFC describes it. It is read as curl reads it, with the ports that aiohttp (by
// Python's urllib) and Go know as well.
//
//   NoProxy direct("localhost, .corp.example, 10.0.0.0/8, build.example:8080");
//   direct.matches("git.corp.example", 443)   // true

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::proto {

/// A list of hosts, separated by commas or white space. Its members:
///   - "example.org", ".example.org" or "*.example.org": the domain and all below it. Case counts
///     for nothing, a dot at the end neither. "notexample.org" is another domain.
///   - "192.0.2.1", "2001:db8::1", "[2001:db8::1]": that address, in whatever spelling.
///   - "10.0.0.0/8", "fe80::/10": all addresses of that network. Only hosts that are written as
///     addresses count: no name is looked up for this.
///   - any of them with ":8080" (an IPv6 address then in brackets): that port only.
///   - "*": every host.
/// A member that is none of these is passed over.
class NoProxy {
 public:
  NoProxy() = default;
  explicit NoProxy(std::string_view list);

  /// `host` as in `Url::host_for_connect()`: in ASCII, IPv6 without brackets.
  [[nodiscard]] bool matches(std::string_view host, std::uint16_t port) const;

  [[nodiscard]] bool empty() const noexcept { return !all_ && members_.empty(); }

 private:
  // A network of 4 or 16 bytes, or a domain in lower case if `size` is 0. Port 0: any.
  struct Member {
    std::string domain;
    std::array<std::uint8_t, 16> address{};
    std::uint8_t size = 0;
    std::uint8_t prefix = 0;
    std::uint16_t port = 0;
  };

  static bool read_address(std::string_view text, Member& member);
  static bool read_network(std::string_view text, Member& member);
  static bool read_port(std::string_view& text, Member& member);
  void add(std::string_view text);

  bool all_ = false;
  std::vector<Member> members_;
};

}  // namespace rondo::proto
