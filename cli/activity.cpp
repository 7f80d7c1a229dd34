#include "cli/activity.hpp"

#include <algorithm>

namespace rondo::cli {

void Activity::add(Clock::duration since_start, bool has_failed) noexcept {
  since_start = std::max(since_start, Clock::duration::zero());
  while (since_start / width_ >= static_cast<Clock::rep>(slots_.size())) double_width();
  const auto index = static_cast<std::size_t>(since_start / width_);
  Slot& slot = slots_[index];
  ++(has_failed ? slot.failed : slot.succeeded);
  used_ = std::max(used_, index + 1);
}

void Activity::double_width() noexcept {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot slot = slots_[i];
    slots_[i] = {};
    slots_[i / 2].succeeded += slot.succeeded;
    slots_[i / 2].failed += slot.failed;
  }
  used_ = (used_ + 1) / 2;
  width_ *= 2;
}

}  // namespace rondo::cli
