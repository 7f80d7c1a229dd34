#pragma once
// Names by DNS and the hosts file, as the system is configured, without a thread: c-ares on the
// loop.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/dns/resolver.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::dns {

namespace detail {
class CaresChannel;
}

struct CaresOptions {
  /// The servers to ask, "address" or "address:port" ("[address]:port" for IPv6); empty: those of
  /// the system (/etc/resolv.conf).
  std::vector<std::string> servers = {};

  /// How long a server has for its first answer; doubled with every round through the servers.
  std::chrono::milliseconds timeout = std::chrono::seconds(2);

  /// How often each server is asked.
  int tries = 3;
};

/// Asks DNS servers by c-ares. The hosts file comes first (/etc/hosts, or what the environment
/// variable CARES_HOSTS names), and the search domains of /etc/resolv.conf hold. A and AAAA are
/// asked for side by side, and the addresses come sorted by RFC 6724. IP addresses and localhost
/// are answered without a question.
///
/// Belongs to the loop that runs at its first use; under another one it throws `WrongLoopError`,
/// and so on. One that outlives its loop holds nothing any more.
class CaresResolver final : public Resolver {
 public:
  /// Throws `std::invalid_argument` for a server that is no IP address, or a limit that is not
  /// positive. Opens nothing yet.
  explicit CaresResolver(const CaresOptions& options = {});
  ~CaresResolver() override;

  /// A question that nobody waits for any more is given up when it was the last one; until then it
  /// goes on unseen.
  [[nodiscard]] Task<Resolution> resolve(std::string host, std::uint16_t port,
                                         Family family) override;

 private:
  [[nodiscard]] std::shared_ptr<detail::CaresChannel> channel();

  std::vector<net::SocketAddress> servers_;
  std::chrono::milliseconds timeout_;
  int tries_;
  std::optional<LoopReference> handle_;
  std::shared_ptr<detail::CaresChannel> channel_;
};

}  // namespace rondo::dns
