// Starts lie on a line that moves on by one interval a start, and is never far behind the present.

#include "cli/rate_pacer.hpp"

#include <algorithm>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::cli {

Clock::duration RatePacer::reserve(Clock::time_point now) noexcept {
  if (interval_ <= Clock::duration::zero()) return Clock::duration::zero();
  // An interval above the slack is never undercut.
  const Clock::duration slack = interval_ > kSlack ? Clock::duration::zero() : kSlack;
  const Clock::time_point start = std::max(next_, now - slack);
  next_ = start + interval_;
  return std::max(start - now, Clock::duration::zero());
}

Clock::duration RatePacer::ahead(Clock::time_point now) const noexcept {
  return std::max(next_ - now, Clock::duration::zero());
}

Task<> RatePacer::wait() {
  const auto delay = reserve(get_running_loop().now());
  if (delay > Clock::duration::zero()) co_await sleep(delay);
}

}  // namespace rondo::cli
