// Each piece moves the moment on at which all of them are paid for.

#include "cli/bandwidth_limit.hpp"

#include <algorithm>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::cli {

Clock::duration BandwidthLimit::reserve(std::uint64_t bytes, Clock::time_point now) noexcept {
  const std::chrono::duration<double> cost(static_cast<double>(bytes) / static_cast<double>(rate_));
  paid_ = std::max<Clock::time_point>(paid_, now - kBurst) +
          std::chrono::duration_cast<Clock::duration>(cost);
  return std::max(paid_ - now, Clock::duration::zero());
}

Task<> BandwidthLimit::take(std::uint64_t bytes) {
  const auto delay = reserve(bytes, get_running_loop().now());
  if (delay > Clock::duration::zero()) co_await sleep(delay);
}

}  // namespace rondo::cli
