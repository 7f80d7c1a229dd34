#pragma once
// From host names to addresses.

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "rondo/dns/resolve_error.hpp"
#include "rondo/net/address.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::dns {

/// Which addresses of a host are asked for.
enum class Family : std::uint8_t { any, ipv4, ipv6 };

/// The addresses of a host.
struct Resolution {
  /// In the order in which they should be tried (RFC 6724 §6); at least one.
  std::vector<net::SocketAddress> addresses;

  /// How long they may be kept.
  std::chrono::seconds ttl{0};
};

/// Finds the addresses of hosts. A resolver may be shared by all that run on one loop, and outlives
/// the tasks it makes.
class Resolver {
 public:
  Resolver() = default;
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  virtual ~Resolver() = default;

  /// The addresses of `host`, a name in ASCII or an IP address, with `port` put into each. Any
  /// number may be under way at a time. Cancelling ends the wait at once. Throws `ResolveError`.
  [[nodiscard]] virtual Task<Resolution> resolve(std::string host, std::uint16_t port,
                                                 Family family) = 0;
};

}  // namespace rondo::dns
