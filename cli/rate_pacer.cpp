// Starts lie on a line that moves on by one interval a start, and is never far behind the present.

#include "cli/rate_pacer.hpp"

#include <algorithm>

namespace rondo::cli {

Clock::duration RatePacer::reserve(Clock::time_point now) noexcept {
  if (interval_ <= Clock::duration::zero()) return Clock::duration::zero();
  // An interval above the slack is never undercut.
  const Clock::duration slack = interval_ > kSlack ? Clock::duration::zero() : kSlack;
  const Clock::time_point start = std::max(next_, now - slack);
  next_ = start + interval_;
  return std::max(start - now, Clock::duration::zero());
}

}  // namespace rondo::cli
