#pragma once
// A hierarchical timer wheel with ticks of one millisecond.

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "rondo/base/intrusive_list.hpp"

namespace rondo::detail {

struct TimerTag;

/// Lives in whatever waits for a time. Destroying a scheduled timer takes it off its wheel.
class Timer : public ListElement<TimerTag> {
 public:
  using Expire = void (*)(Timer&) noexcept;
  explicit Timer(Expire expire) noexcept : expire_(expire) {}

  [[nodiscard]] std::uint64_t tick() const noexcept { return tick_; }

 private:
  friend class TimerWheel;
  Expire expire_;
  std::uint64_t tick_ = 0;
};

/// Starting and stopping a timer is O(1); a timer is moved once for each of the few levels
/// before it expires. The wheel does not know what time it is: `advance` tells.
class TimerWheel {
 public:
  /// Expires `timer` at `tick`, or with the next `advance` when that has passed. Reschedules one
  /// that is scheduled.
  void schedule(Timer& timer, std::uint64_t tick) noexcept;

  /// Moves the time to `tick` and expires what is due, in the order of ticks. An expired timer may
  /// be scheduled again; for a tick that is not later than now it waits for the next `advance`, so
  /// that no timer can hold the wheel for ever.
  void advance(std::uint64_t tick) noexcept;

  /// No timer expires before this tick; nothing if there is no timer. Not always the exact next
  /// one: a far timer names the tick at which the wheel has to sort it anew.
  [[nodiscard]] std::optional<std::uint64_t> next_tick() noexcept;

  /// The same without looking for it. Too early where a timer was stopped since `next_tick` or
  /// `advance` looked last.
  [[nodiscard]] std::optional<std::uint64_t> not_before() const noexcept {
    if (!overdue_.empty()) return now_;
    return earliest_ == kNever ? std::nullopt : std::optional(earliest_);
  }

 private:
  using Slot = IntrusiveList<Timer, TimerTag>;

  /// The slots of one level: `1 << bits` spans of time, each of `1 << shift` ticks.
  template <unsigned bits>
  class Level {
   public:
    explicit Level(unsigned shift) noexcept : shift_(shift) {}

    void add(Timer& timer, std::uint64_t tick) noexcept;
    [[nodiscard]] Slot& slot_at(std::uint64_t tick) noexcept {
      return slots_[(tick >> shift_) & (kSlots - 1)];
    }
    /// The first tick of the next span behind that of `now` that has timers.
    [[nodiscard]] std::optional<std::uint64_t> next_tick(std::uint64_t now) noexcept;
    /// Whether a span begins at `tick`.
    [[nodiscard]] bool begins_at(std::uint64_t tick) const noexcept {
      return (tick & ((std::uint64_t{1} << shift_) - 1)) == 0;
    }

   private:
    static constexpr std::size_t kSlots = std::size_t{1} << bits;
    static constexpr std::size_t kWords = kSlots / 64;
    static constexpr std::size_t kNone = kSlots;

    /// The first marked slot in the order of the ring that begins at `start`.
    [[nodiscard]] std::size_t first_marked(std::size_t start) const noexcept;
    void unmark(std::size_t index) noexcept;

    unsigned shift_;
    std::uint64_t marked_words_ = 0;
    std::array<std::uint64_t, kWords>
        marks_{};  // one stays when the timers of its slot are stopped
    std::array<Slot, kSlots> slots_;
  };

  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  static constexpr unsigned kNearBits = 11;
  static constexpr unsigned kFarBits = 6;
  static constexpr std::size_t kFarLevels = 4;
  static constexpr unsigned far_shift(std::size_t level) noexcept {
    return kNearBits + kFarBits * static_cast<unsigned>(level);
  }

  void place(Timer& timer) noexcept;
  void sort_anew(Slot& slot) noexcept;
  static void expire_all(Slot& slot) noexcept;
  std::optional<std::uint64_t> next_in_wheel() noexcept;

  // Most timers are set for less than two seconds, or stopped before: they are never moved.
  Level<kNearBits> near_{0};
  std::array<Level<kFarBits>, kFarLevels> far_{
      Level<kFarBits>(far_shift(0)), Level<kFarBits>(far_shift(1)), Level<kFarBits>(far_shift(2)),
      Level<kFarBits>(far_shift(3))};
  Slot overdue_;
  std::uint64_t now_ = 0;
  std::uint64_t earliest_ = kNever;  // nothing is due in the levels before this tick
};

}  // namespace rondo::detail
