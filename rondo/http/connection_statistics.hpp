#pragma once
// What has become of a session's connections.

#include <cstddef>
#include <cstdint>

namespace rondo::http {

/// How many connections were closed for each reason.
struct ClosedConnections {
  std::uint64_t expired = 0;  ///< idle for `ConnectorOptions::keepalive_timeout`
  std::uint64_t stale = 0;    ///< found dead, or talking out of turn, when it was to be used again
  std::uint64_t evicted = 0;  ///< the longest idle one, to make room for a new one
  std::uint64_t spent = 0;    ///< of no use after a request: either side ended it, or it failed
  std::uint64_t unread = 0;   ///< a response was dropped, and too much of its body was missing
  std::uint64_t session = 0;  ///< the session was closed

  [[nodiscard]] std::uint64_t total() const noexcept {
    return expired + stale + evicted + spent + unread + session;
  }
};

/// A snapshot. Counters begin with the session; `opened` is `closed.total() + active + idle`, but
/// for connections that are on their way, which count as active.
struct ConnectionStatistics {
  std::size_t active = 0;   ///< in use, or being opened
  std::size_t idle = 0;     ///< kept for later
  std::size_t waiting = 0;  ///< requests that wait for a place
  std::uint64_t opened = 0;
  std::uint64_t failed = 0;   ///< attempts to open one that failed or were cancelled
  std::uint64_t reused = 0;   ///< requests that went over a kept connection
  std::uint64_t drained = 0;  ///< kept though a response was dropped unread: its rest was small
  ClosedConnections closed;
  std::uint64_t dns_hits = 0;    ///< names whose addresses were known, or being asked for
  std::uint64_t dns_misses = 0;  ///< names that had to be asked for
};

}  // namespace rondo::http
