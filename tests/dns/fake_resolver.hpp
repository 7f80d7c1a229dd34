#pragma once
// A resolver that answers as the test says, on the loop's clock.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/dns/resolver.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::dns {

/// Answers after a while: with the IPv4 address 192.0.2.1, or an error. Notes what it is asked.
class FakeResolver final : public Resolver {
 public:
  struct Plan {
    std::chrono::milliseconds after{0};
    std::chrono::seconds ttl{60};
    std::optional<ResolveError::Kind> error = {};
  };

  Task<Resolution> resolve(std::string host, std::uint16_t port, Family) override {
    asked.push_back(host);
    const Plan plan = plans[host];
    try {
      if (plan.after.count() > 0) co_await sleep(plan.after);
    } catch (const Cancelled&) {
      cancelled.push_back(host);
      throw;
    }
    if (plan.error) throw ResolveError(*plan.error, host, "as planned");
    co_return Resolution{{net::SocketAddress::ipv4({192, 0, 2, 1}, port)}, plan.ttl};
  }

  std::map<std::string, Plan> plans;
  std::vector<std::string> asked;
  std::vector<std::string> cancelled;
};

}  // namespace rondo::dns
