#pragma once
// A timer of the kernel's that ends one wait after the other.

#include <chrono>

#include "rondo/runtime/clock.hpp"

namespace rondo::detail {

/// A wait with a limit makes the kernel set a timer and remove it again, 4 % of a request where
/// each waits by itself. This timer is set once, and stays for the waits that follow, as long as it
/// goes off no later than they have to end: whoever waits wakes for nothing then, once in a while.
class WaitTimer {
 public:
  /// Shorter waits are better limited by themselves: they would set it each time.
  static constexpr std::chrono::milliseconds kShortest{50};

  /// Throws `OsError`.
  WaitTimer();
  WaitTimer(const WaitTimer&) = delete;
  WaitTimer& operator=(const WaitTimer&) = delete;
  ~WaitTimer();

  /// Becomes readable each time the timer goes off, and is not to be read: watch its edges.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// A wait begins that has to end after `limit`, as of `Reactor::poll`. Returns the limit that it
  /// needs beside this timer: the same, or `Reactor::kForever`.
  std::chrono::milliseconds limit_wait(std::chrono::milliseconds limit) noexcept;

  /// A wait has found the descriptor readable.
  void went_off() noexcept { is_set_ = false; }

 private:
  [[nodiscard]] bool set(std::chrono::milliseconds delay) noexcept;

  int descriptor_;
  bool is_set_ = false;
  std::chrono::milliseconds delay_{};  // with which it was set
  Clock::time_point end_;              // when it goes off
};

}  // namespace rondo::detail
