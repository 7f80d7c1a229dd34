// Two tables of prefixes, searched from the top: an exception stands above the range that it is
// taken from. What is in neither table is global; for IPv6 only inside 2000::/3, the one range that
// is assigned to the internet.

#include "rondo/net/address_class.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace rondo::net {
namespace {

using enum AddressClass;

struct Ipv4Range {
  SocketAddress::Ipv4 prefix;
  unsigned bits;
  AddressClass kind;
};

struct Ipv6Range {
  std::array<std::uint16_t, 8> prefix;
  unsigned bits;
  AddressClass kind;
};

constexpr std::array kIpv4Ranges{
    Ipv4Range{{0, 0, 0, 0}, 32, unspecified},
    Ipv4Range{{0, 0, 0, 0}, 8, reserved},  // "this network"
    Ipv4Range{{10, 0, 0, 0}, 8, private_use},
    Ipv4Range{{100, 64, 0, 0}, 10, shared},
    Ipv4Range{{127, 0, 0, 0}, 8, loopback},
    Ipv4Range{{169, 254, 0, 0}, 16, link_local},
    Ipv4Range{{172, 16, 0, 0}, 12, private_use},
    Ipv4Range{{192, 0, 0, 9}, 32, global},   // Port Control Protocol anycast
    Ipv4Range{{192, 0, 0, 10}, 32, global},  // TURN anycast
    Ipv4Range{{192, 0, 0, 0}, 24, reserved},
    Ipv4Range{{192, 0, 2, 0}, 24, documentation},
    Ipv4Range{{192, 88, 99, 0}, 24, reserved},  // 6to4 relays, given up
    Ipv4Range{{192, 168, 0, 0}, 16, private_use},
    Ipv4Range{{198, 18, 0, 0}, 15, benchmarking},
    Ipv4Range{{198, 51, 100, 0}, 24, documentation},
    Ipv4Range{{203, 0, 113, 0}, 24, documentation},
    Ipv4Range{{224, 0, 0, 0}, 4, multicast},
    Ipv4Range{{255, 255, 255, 255}, 32, broadcast},
    Ipv4Range{{240, 0, 0, 0}, 4, reserved},
};

constexpr std::array kIpv6Ranges{
    Ipv6Range{{0, 0, 0, 0, 0, 0, 0, 0}, 128, unspecified},
    Ipv6Range{{0, 0, 0, 0, 0, 0, 0, 1}, 128, loopback},
    Ipv6Range{{0xfc00}, 7, private_use},
    Ipv6Range{{0xfe80}, 10, link_local},
    Ipv6Range{{0xfec0}, 10, private_use},
    Ipv6Range{{0xff00}, 8, multicast},
    Ipv6Range{{0x2001, 1, 0, 0, 0, 0, 0, 1}, 128, global},  // Port Control Protocol anycast
    Ipv6Range{{0x2001, 1, 0, 0, 0, 0, 0, 2}, 128, global},  // TURN anycast
    Ipv6Range{{0x2001, 1, 0, 0, 0, 0, 0, 3}, 128, global},  // DNS-SD registration anycast
    Ipv6Range{{0x2001, 2, 0}, 48, benchmarking},
    Ipv6Range{{0x2001, 3}, 32, global},         // AMT
    Ipv6Range{{0x2001, 4, 0x112}, 48, global},  // AS112
    Ipv6Range{{0x2001, 0x20}, 28, global},      // ORCHIDv2
    Ipv6Range{{0x2001, 0x30}, 28, global},      // drone remote identification
    Ipv6Range{{0x2001, 0}, 23, reserved},       // for protocols, Teredo among them
    Ipv6Range{{0x2001, 0xdb8}, 32, documentation},
    Ipv6Range{{0x3fff}, 20, documentation},
    Ipv6Range{{0x2000}, 3, global},
    Ipv6Range{{}, 0, reserved},
};

/// Prefixes in front of an IPv4 address, and the byte at which that begins. What they lead to is
/// decided by the IPv4 address.
struct Embedding {
  std::array<std::uint16_t, 8> prefix;
  unsigned bits;
  std::size_t offset;
};

constexpr std::array kEmbeddings{
    Embedding{{0, 0, 0, 0, 0, 0xffff}, 96, 12},  // mapped, RFC 4291 §2.5.5.2
    Embedding{{0x64, 0xff9b}, 96, 12},           // NAT64, RFC 6052
    Embedding{{0x2002}, 16, 2},                  // 6to4, RFC 3056
};

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t byte_at(const std::array<std::uint16_t, 8>& prefix, std::size_t i) noexcept {
  return static_cast<std::uint8_t>(i % 2 == 0 ? prefix[i / 2] >> 8 : prefix[i / 2] & 0xff);
}

constexpr std::uint8_t byte_at(const SocketAddress::Ipv4& prefix, std::size_t i) noexcept {
  return prefix[i];
}

template <class Range>
bool contains(const Range& range, Bytes address) noexcept {
  unsigned rest = range.bits;
  for (std::size_t i = 0; rest > 0; ++i) {
    const unsigned count = std::min(rest, 8u);
    const unsigned mask = 0xff00u >> count;
    if (((address[i] ^ byte_at(range.prefix, i)) & mask & 0xff) != 0) return false;
    rest -= count;
  }
  return true;
}

AddressClass classify_ipv4(Bytes address) noexcept {
  for (const Ipv4Range& range : kIpv4Ranges) {
    if (contains(range, address)) return range.kind;
  }
  return global;
}

AddressClass classify_ipv6(Bytes address) noexcept {
  for (const Embedding& embedding : kEmbeddings) {
    if (contains(embedding, address)) return classify_ipv4(address.subspan(embedding.offset, 4));
  }
  for (const Ipv6Range& range : kIpv6Ranges) {
    if (contains(range, address)) return range.kind;
  }
  return reserved;
}

}  // namespace

AddressClass classify(const SocketAddress& address) noexcept {
  switch (address.family()) {
    case SocketAddress::Family::ipv4:
      return classify_ipv4(address.ip_bytes());
    case SocketAddress::Family::ipv6:
      return classify_ipv6(address.ip_bytes());
    case SocketAddress::Family::local:
      return local_socket;
    case SocketAddress::Family::none:
      break;
  }
  return none;
}

std::string_view describe(AddressClass kind) noexcept {
  switch (kind) {
    case global:
      return "a public address";
    case unspecified:
      return "the unspecified address";
    case loopback:
      return "a loopback address";
    case private_use:
      return "an address of a private network";
    case shared:
      return "an address of a carrier's shared network";
    case link_local:
      return "a link-local address";
    case multicast:
      return "a multicast address";
    case broadcast:
      return "the broadcast address";
    case documentation:
      return "an address for documentation";
    case benchmarking:
      return "an address for benchmarks";
    case reserved:
      return "a reserved address";
    case local_socket:
      return "a Unix socket";
    case none:
      break;
  }
  return "no address";
}

}  // namespace rondo::net
