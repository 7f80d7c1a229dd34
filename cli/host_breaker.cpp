// Transfers that were under way when the host was given up end during its rest: they are no probes.

#include "cli/host_breaker.hpp"

namespace rondo::cli {

void HostBreaker::succeeded() noexcept {
  failures_ = 0;
  probes_ = 0;
  is_open_ = false;
}

void HostBreaker::failed(Clock::time_point now) noexcept {
  if (threshold_ == 0 || is_dead()) return;
  if (is_open_) {
    if (now < rest_end_) return;
    ++probes_;
  } else if (++failures_ < threshold_) {
    return;
  }
  is_open_ = true;
  rest_end_ = now + kFirstRest * (1U << probes_);
}

}  // namespace rondo::cli
