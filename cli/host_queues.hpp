#pragma once
// Which of the waiting jobs goes next. Nothing here waits.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rondo/runtime/clock.hpp"

#include "cli/job.hpp"

namespace rondo::cli {

/// How a host is treated.
struct HostPolicy {
  std::size_t limit = 8;       ///< transfers under way at a time
  bool is_adaptive = false;    ///< `limit` is the most, and what the host bears is found out
  Clock::duration interval{};  ///< between two starts; 0: none
  unsigned breaker = 0;        ///< so many failed connections in a row give it a rest; 0: never
  bool spreads = false;        ///< hosts take turns, and intervals vary from half to one and a half

  /// Whether it depends on the time which job is next.
  [[nodiscard]] bool is_timed() const noexcept {
    return interval > Clock::duration::zero() || breaker > 0;
  }
};

/// What a transfer says of its host.
struct HostOutcome {
  bool was_unreachable = false;
  bool had_trouble = false;   ///< failed, or the server was too busy
  Clock::duration latency{};  ///< 0: it was not asked
};

/// Jobs in order of their arrival, except that one whose host is busy, or rests, lets others pass:
/// a list that is sorted by host keeps all workers busy as far as it can be seen.
class HostQueues {
 public:
  /// The host of a job that was taken; it counts as busy until `finished`.
  class Host;

  struct Taken {
    JobPtr job;
    Host* host = nullptr;
    bool is_dead = false;  ///< the host is, so that there is no point in a transfer
  };

  explicit HostQueues(const HostPolicy& policy, std::uint64_t seed = 0);
  explicit HostQueues(std::size_t limit_per_host)
      : HostQueues(HostPolicy{.limit = limit_per_host}) {}
  ~HostQueues();

  /// The time is asked for only if the policy `is_timed`.
  void push(JobPtr job, Clock::time_point now = {});

  /// The earliest job whose host has room; nothing when there is none.
  [[nodiscard]] std::optional<Taken> take(Clock::time_point now = {});

  void finished(Host& host, const HostOutcome& outcome = {}, Clock::time_point now = {});

  /// Whether `take` would give something, as far as that is known without the time.
  [[nodiscard]] bool has_ready() const noexcept { return !ready_.empty(); }

  /// When the first of the hosts that rest has a job to give; nothing: none rests.
  [[nodiscard]] std::optional<Clock::time_point> next_time() const noexcept;

  /// How many jobs wait, and how many bytes they hold.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  [[nodiscard]] const HostPolicy& policy() const noexcept { return policy_; }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>{}(name);
    }
  };
  using Hosts = std::unordered_map<std::string, std::unique_ptr<Host>, NameHash, std::equal_to<>>;

  Host& host_named(std::string_view name);
  [[nodiscard]] std::size_t limit_of(const Host& host) const noexcept;
  void mark(Host& host, Clock::time_point now);
  void mark_ready(Host& host);
  void wake(Clock::time_point now);
  void note_start(Host& host, Clock::time_point now);
  [[nodiscard]] static bool is_forgettable(const Host& host, Clock::time_point now) noexcept;

  static constexpr std::size_t kKnown = 4096;

  HostPolicy policy_;
  std::mt19937_64 random_;
  Hosts hosts_;
  std::map<std::uint64_t, Host*> ready_;  // hosts with room, by their first job's number or turn
  std::multimap<Clock::time_point, Host*> resting_;  // hosts with room from that time on
  std::uint64_t turns_ = 0;
  std::size_t most_known_ = kKnown;  // then those are forgotten who have nothing left
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace rondo::cli
