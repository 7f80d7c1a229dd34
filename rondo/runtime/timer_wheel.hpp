#pragma once
// A hierarchical timer wheel with ticks of one millisecond.

#include <array>
#include <cstddef>
#include <cstdint>
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

/// Starting and stopping a timer is O(1); a timer is moved at most `kLevels` times before it
/// expires. The wheel does not know what time it is: `advance` tells.
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

 private:
  using Slot = IntrusiveList<Timer, TimerTag>;
  static constexpr std::size_t kLevels = 5;
  static constexpr unsigned kBits = 6;
  static constexpr std::size_t kSlots = std::size_t{1} << kBits;

  struct Level {
    std::array<Slot, kSlots> slots;
    std::uint64_t occupied = 0;  // a bit stays set when the timers of its slot are stopped
  };

  void place(Timer& timer) noexcept;
  void sort_anew(std::size_t level) noexcept;
  static void expire_all(Slot& slot) noexcept;
  [[nodiscard]] std::optional<std::uint64_t> next_in_wheel() noexcept;
  [[nodiscard]] std::optional<std::uint64_t> next_in_level(std::size_t level) noexcept;
  [[nodiscard]] std::uint64_t index_at(std::size_t level, std::uint64_t tick) const noexcept {
    return (tick >> (kBits * level)) & (kSlots - 1);
  }

  std::array<Level, kLevels> levels_;
  Slot overdue_;
  std::uint64_t now_ = 0;
};

}  // namespace rondo::detail
