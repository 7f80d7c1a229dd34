// What is usual follows the fast transfers at once and the slow ones slowly: a host that gets
// slower with each transfer more must not make slowness usual.

#include "cli/adaptive_limit.hpp"

#include <algorithm>
#include <chrono>

namespace rondo::cli {

AdaptiveLimit::AdaptiveLimit(std::size_t most) noexcept
    : most_(static_cast<double>(most)), limit_(std::min(2.0, static_cast<double>(most))) {}

void AdaptiveLimit::ended(bool had_trouble, Clock::duration latency) noexcept {
  const double seconds = std::chrono::duration<double>(latency).count();
  const bool is_slow = usual_ > 0 && seconds > usual_ * kSlow;
  if (!had_trouble) {
    if (usual_ == 0) usual_ = seconds;
    usual_ += (seconds - usual_) * (seconds < usual_ ? 0.2 : 0.01);
  }
  if (immune_ > 0) --immune_;
  if (!had_trouble && !is_slow) {
    limit_ = std::min(most_, limit_ + (is_starting_ ? 1 : 1 / limit_));
  } else if (immune_ == 0) {
    immune_ = value();
    limit_ = std::max(1.0, limit_ / 2);
    is_starting_ = false;
  }
}

}  // namespace rondo::cli
