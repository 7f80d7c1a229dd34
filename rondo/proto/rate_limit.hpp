#pragma once
// The moments at which requests may start. Time is passed in; whoever waits does it elsewhere.

#include <chrono>
#include <cstdint>

namespace rondo::proto {

/// Lets starts pass at a steady rate, and up to `burst` of them at once behind a pause: a leaky
/// bucket, kept as the one moment at which the line of starts so far ends. One thread at a time.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  /// The coarseness of timers: whoever comes late may catch up by this much, so that rates of more
  /// than one a millisecond are reached. Nothing more is saved up beyond `burst`. An interval that
  /// is longer is never undercut.
  static constexpr std::chrono::milliseconds kSlack{5};

  /// Starts are `interval` apart; zero: no limit.
  explicit RateLimit(Clock::duration interval = {}, std::uint32_t burst = 1) noexcept;

  /// How long after `now` the next start is, which is not taken.
  [[nodiscard]] Clock::duration ahead(Clock::time_point now) const noexcept;

  /// Whether nothing is left of the starts so far: a new limit would be the same.
  [[nodiscard]] bool is_idle(Clock::time_point now) const noexcept { return next_ <= now - slack_; }

  /// Takes the next start and says how long after `now` it is.
  Clock::duration reserve(Clock::time_point now) noexcept;

 private:
  Clock::duration interval_;
  Clock::duration slack_;
  Clock::time_point next_{};
};

}  // namespace rondo::proto
