// The quantile of the last answers: a window, since servers are slower at noon than at night.

#include "rondo/proto/hedge_delay.hpp"

#include <algorithm>

namespace rondo::proto {

void HedgeDelay::record(Duration taken) noexcept {
  taken_[count_ % kWindow] = taken;
  ++count_;
}

HedgeDelay::Duration HedgeDelay::delay() const noexcept {
  if (count_ < kEnough) return std::clamp(options_.initial, options_.least, options_.most);
  std::array<Duration, kWindow> sorted = taken_;
  const std::size_t size = std::min(count_, kWindow);
  const double quantile = std::clamp(options_.quantile, 0.0, 1.0);
  const auto rank =
      std::min(static_cast<std::size_t>(quantile * static_cast<double>(size)), size - 1);
  const auto nth = sorted.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(sorted.begin(), nth, sorted.begin() + static_cast<std::ptrdiff_t>(size));
  return std::clamp(*nth, options_.least, options_.most);
}

}  // namespace rondo::proto
