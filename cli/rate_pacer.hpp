#pragma once
// The moments at which requests may start: first ones, tries and hops alike.

#include <chrono>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::cli {

/// Hands out starts that are `interval` apart. Whoever comes late may catch up by `kSlack`, the
/// coarseness of timers, so that high rates are reached; more is never saved up.
class RatePacer {
 public:
  static constexpr std::chrono::milliseconds kSlack{5};

  /// No interval: no limit.
  explicit RatePacer(Clock::duration interval = {}) noexcept : interval_(interval) {}

  /// Takes the next start and says how long after `now` it is.
  [[nodiscard]] Clock::duration reserve(Clock::time_point now) noexcept;

  /// How long after `now` the next start is, which is not taken.
  [[nodiscard]] Clock::duration ahead(Clock::time_point now) const noexcept;

  /// Takes the next start and waits for it.
  Task<> wait();

 private:
  Clock::duration interval_;
  Clock::time_point next_{};
};

}  // namespace rondo::cli
