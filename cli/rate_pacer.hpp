#pragma once
// The moments at which requests may start: first ones, tries and hops alike.

#include "rondo/proto/rate_limit.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::cli {

/// Hands out starts that are `interval` apart.
class RatePacer {
 public:
  /// No interval: no limit.
  explicit RatePacer(Clock::duration interval = {}) noexcept
      : is_limited_(interval > Clock::duration::zero()), limit_(interval) {}

  /// Whether there is a limit at all.
  explicit operator bool() const noexcept { return is_limited_; }

  /// How long after `now` the next start is, which is not taken.
  [[nodiscard]] Clock::duration ahead(Clock::time_point now) const noexcept {
    return limit_.ahead(now);
  }

  /// Takes the next start and waits for it.
  Task<> wait();

 private:
  bool is_limited_;
  proto::RateLimit limit_;
};

}  // namespace rondo::cli
