// The near level has a slot for each of the next 2048 ticks, far level n one for each of the next
// 64 spans of 2048 * 64^n ticks. When the time enters a span of a far level, the timers in it are
// sorted anew and move down. A bit map a level finds the next slot in use without looking at empty
// ones.

#include "rondo/runtime/timer_wheel.hpp"

#include <algorithm>
#include <bit>

namespace rondo::detail {

template <unsigned bits>
void TimerWheel::Level<bits>::add(Timer& timer, std::uint64_t tick) noexcept {
  const std::size_t index = (tick >> shift_) & (kSlots - 1);
  slots_[index].push_back(timer);
  marks_[index / 64] |= std::uint64_t{1} << (index % 64);
  marked_words_ |= std::uint64_t{1} << (index / 64);
}

template <unsigned bits>
std::size_t TimerWheel::Level<bits>::first_marked(std::size_t start) const noexcept {
  const std::size_t word = start / 64;
  const std::uint64_t here = marks_[word] >> (start % 64);
  if (here != 0) return start + static_cast<std::size_t>(std::countr_zero(here));
  if (marked_words_ == 0) return kNone;
  // The word of `start` comes last: what is marked in it now is a whole turn away.
  const std::uint64_t behind = word == 63 ? 0 : marked_words_ & (~std::uint64_t{0} << (word + 1));
  const auto next =
      static_cast<std::size_t>(std::countr_zero(behind != 0 ? behind : marked_words_));
  return next * 64 + static_cast<std::size_t>(std::countr_zero(marks_[next]));
}

template <unsigned bits>
void TimerWheel::Level<bits>::unmark(std::size_t index) noexcept {
  std::uint64_t& word = marks_[index / 64];
  word &= ~(std::uint64_t{1} << (index % 64));
  if (word == 0) marked_words_ &= ~(std::uint64_t{1} << (index / 64));
}

template <unsigned bits>
std::optional<std::uint64_t> TimerWheel::Level<bits>::next_tick(std::uint64_t now) noexcept {
  const std::uint64_t first = (now >> shift_) + 1;
  const std::size_t start = first & (kSlots - 1);
  for (std::size_t index = first_marked(start); index != kNone; index = first_marked(start)) {
    const std::uint64_t distance = (index - start) & (kSlots - 1);
    if (!slots_[index].empty()) return (first + distance) << shift_;
    unmark(index);
  }
  return std::nullopt;
}

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
  const std::uint64_t distance = timer.tick_ - now_;
  if (distance >> kNearBits == 0) {
    earliest_ = std::min(earliest_, timer.tick_);
    return near_.add(timer, timer.tick_);
  }
  // What lies beyond the last level waits in its farthest slot, to be sorted again from there.
  constexpr std::uint64_t kHorizon = (std::uint64_t{1} << far_shift(kFarLevels)) - 1;
  const std::uint64_t reached = std::min(distance, kHorizon);
  const std::size_t level =
      (static_cast<unsigned>(std::bit_width(reached)) - 1 - kNearBits) / kFarBits;
  const unsigned shift = far_shift(level);
  earliest_ = std::min(earliest_, (now_ + reached) >> shift << shift);
  far_[level].add(timer, now_ + reached);
}

void TimerWheel::advance(std::uint64_t tick) noexcept {
  expire_all(overdue_);
  while (earliest_ <= tick) {
    const auto next = next_in_wheel();
    if (!next || *next > tick) break;
    now_ = *next;
    for (std::size_t level = kFarLevels; level-- > 0;) {
      if (far_[level].begins_at(now_)) sort_anew(far_[level].slot_at(now_));
    }
    expire_all(near_.slot_at(now_));
  }
  now_ = std::max(now_, tick);
}

void TimerWheel::sort_anew(Slot& slot) noexcept {
  Slot moving;
  moving.splice_back(slot);
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
  auto earliest = near_.next_tick(now_);
  for (auto& level : far_) {
    const auto next = level.next_tick(now_);
    if (next && (!earliest || *next < *earliest)) earliest = next;
  }
  earliest_ = earliest.value_or(kNever);
  return earliest;
}

}  // namespace rondo::detail
