// Entries are checked when they are made, so that a mistake shows before the first request.

#include "rondo/dns/static_resolver.hpp"

#include <chrono>
#include <stdexcept>

#include "rondo/base/ascii.hpp"
#include "rondo/dns/local_names.hpp"

namespace rondo::dns {
namespace {

constexpr std::chrono::hours kStaticTtl{24};

std::string folded(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  return ascii::lowered(host);
}

std::vector<net::SocketAddress> parse(const StaticEntry& entry) {
  if (entry.addresses.empty()) {
    throw std::invalid_argument("the static entry for '" + entry.host + "' has no address");
  }
  std::vector<net::SocketAddress> addresses;
  for (const std::string& text : entry.addresses) {
    const auto address = net::SocketAddress::parse_ip(text, entry.port);
    if (!address) {
      throw std::invalid_argument("the static entry for '" + entry.host + "' has '" + text +
                                  "', which is not an IP address");
    }
    addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace

StaticResolver::StaticResolver(const std::vector<StaticEntry>& entries,
                               std::shared_ptr<Resolver> otherwise)
    : otherwise_(std::move(otherwise)) {
  for (const StaticEntry& entry : entries) {
    entries_[Key(folded(entry.host), entry.port)] = parse(entry);
  }
}

Task<Resolution> StaticResolver::resolve(std::string host, std::uint16_t port, Family family) {
  const auto entry = entries_.find(Key(folded(host), port));
  if (entry == entries_.end()) {
    co_return co_await otherwise_->resolve(std::move(host), port, family);
  }
  Resolution resolution{{}, kStaticTtl};
  for (const net::SocketAddress& address : entry->second) {
    if (is_of_family(address, family)) resolution.addresses.push_back(address);
  }
  if (resolution.addresses.empty()) throw no_address(host, family);
  co_return resolution;
}

}  // namespace rondo::dns
