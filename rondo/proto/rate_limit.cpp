// Starts lie on a line that moves on by one interval a start, and is never further behind the
// present than the slack.

#include "rondo/proto/rate_limit.hpp"

#include <algorithm>

namespace rondo::proto {

RateLimit::RateLimit(Clock::duration interval, std::uint32_t burst) noexcept
    : interval_(interval),
      slack_(std::max<Clock::duration>(interval * (std::max(burst, 1U) - 1),
                                       interval > kSlack ? Clock::duration::zero() : kSlack)) {}

RateLimit::Clock::duration RateLimit::ahead(Clock::time_point now) const noexcept {
  return std::max(next_ - now, Clock::duration::zero());
}

RateLimit::Clock::duration RateLimit::reserve(Clock::time_point now) noexcept {
  if (interval_ <= Clock::duration::zero()) return Clock::duration::zero();
  const Clock::time_point start = std::max(next_, now - slack_);
  next_ = start + interval_;
  return std::max(start - now, Clock::duration::zero());
}

}  // namespace rondo::proto
