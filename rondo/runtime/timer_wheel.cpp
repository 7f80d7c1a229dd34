// Level 0 has a slot for each of the next 64 ticks, level n one for each of the next 64 spans of
// 64^n ticks. When the time enters a span of a higher level, the timers in it are sorted anew and
// move down. A bit map a level finds the next slot in use without looking at empty ones.

#include "rondo/runtime/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace rondo::detail {

void TimerWheel::schedule(Timer& timer, std::uint64_t tick) noexcept {
  timer.unlink();
  timer.tick_ = tick;
  if (tick <= now_) {
    overdue_.push_back(timer);
  } else {
    place(timer);
  }
}

void TimerWheel::place(Timer& timer) noexcept {
  // What lies beyond the last level waits in its farthest slot, to be sorted again from there.
  constexpr std::uint64_t kHorizon = (std::uint64_t{1} << (kBits * kLevels)) - 1;
  const std::uint64_t distance = std::min(timer.tick_ - now_, kHorizon);
  const std::size_t level =
      distance == 0 ? 0 : (static_cast<std::size_t>(std::bit_width(distance)) - 1) / kBits;
  const std::uint64_t index = index_at(level, now_ + distance);
  levels_[level].slots[index].push_back(timer);
  levels_[level].occupied |= std::uint64_t{1} << index;
}

void TimerWheel::advance(std::uint64_t tick) noexcept {
  expire_all(overdue_);
  for (auto next = next_in_wheel(); next && *next <= tick; next = next_in_wheel()) {
    now_ = *next;
    for (std::size_t level = kLevels - 1; level > 0; --level) {
      const bool enters_span = (now_ & ((std::uint64_t{1} << (kBits * level)) - 1)) == 0;
      if (enters_span) sort_anew(level);
    }
    expire_all(levels_[0].slots[index_at(0, now_)]);
  }
  now_ = std::max(now_, tick);
}

void TimerWheel::sort_anew(std::size_t level) noexcept {
  Slot moving;
  moving.splice_back(levels_[level].slots[index_at(level, now_)]);
  while (Timer* timer = moving.pop_front()) place(*timer);
}

void TimerWheel::expire_all(Slot& slot) noexcept {
  Slot due;
  due.splice_back(slot);
  while (Timer* timer = due.pop_front()) timer->expire_(*timer);
}

std::optional<std::uint64_t> TimerWheel::next_tick() noexcept {
  return overdue_.empty() ? next_in_wheel() : now_;
}

std::optional<std::uint64_t> TimerWheel::next_in_wheel() noexcept {
  std::optional<std::uint64_t> earliest;
  for (std::size_t level = 0; level < kLevels; ++level) {
    const auto next = next_in_level(level);
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  return earliest;
}

std::optional<std::uint64_t> TimerWheel::next_in_level(std::size_t level) noexcept {
  Level& wheel = levels_[level];
  const std::uint64_t span = now_ >> (kBits * level);
  while (wheel.occupied != 0) {
    // The current slot comes last: what is in it now is a whole turn away.
    const int first = static_cast<int>((span + 1) & (kSlots - 1));
    const int distance = std::countr_zero(std::rotr(wheel.occupied, first));
    const std::uint64_t next = span + 1 + static_cast<std::uint64_t>(distance);
    const std::uint64_t index = next & (kSlots - 1);
    if (!wheel.slots[index].empty()) return next << (kBits * level);
    wheel.occupied &= ~(std::uint64_t{1} << index);
  }
  return std::nullopt;
}

}  // namespace rondo::detail
