#pragma once
// The loop's idea of time.

#include <chrono>

namespace rondo {

using Clock = std::chrono::steady_clock;

/// Where a loop reads the time. The default is the steady clock; tests put a virtual one in its
/// place.
class TimeSource {
 public:
  virtual ~TimeSource() = default;

  [[nodiscard]] virtual Clock::time_point now() const noexcept = 0;

  /// Whether the loop should skip the time it would wait for, with `skip_to`, instead of waiting.
  [[nodiscard]] virtual bool skips_waiting() const noexcept { return false; }

  /// Moves the time to `deadline`: the loop has nothing to do before it.
  virtual void skip_to(Clock::time_point deadline) noexcept { static_cast<void>(deadline); }
};

/// The steady clock of the machine.
TimeSource& steady_time() noexcept;

}  // namespace rondo
