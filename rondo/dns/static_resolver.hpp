#pragma once
// Addresses that somebody has laid down, in place of what DNS says.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rondo/dns/resolver.hpp"

namespace rondo::dns {

/// "For this host and port, use these addresses."
struct StaticEntry {
  std::string host;
  std::uint16_t port = 0;
  std::vector<std::string> addresses;  ///< IP addresses, in the order in which to try them
};

/// Answers for the hosts and ports of its entries, and asks another resolver for all others. Hosts
/// are compared without regard to case and to a dot at the end. To be put in front of a cache,
/// which does not know ports.
class StaticResolver final : public Resolver {
 public:
  /// Of several entries for one host and port the last counts. Throws `std::invalid_argument` for
  /// an entry without an address, or with one that is not an IP address.
  StaticResolver(const std::vector<StaticEntry>& entries, std::shared_ptr<Resolver> otherwise);

  [[nodiscard]] Task<Resolution> resolve(std::string host, std::uint16_t port,
                                         Family family) override;

 private:
  using Key = std::pair<std::string, std::uint16_t>;

  std::map<Key, std::vector<net::SocketAddress>> entries_;
  std::shared_ptr<Resolver> otherwise_;
};

}  // namespace rondo::dns
