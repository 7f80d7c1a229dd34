#pragma once
// A clock for tests in which waiting takes no time.
//
//   rondo::testing::VirtualTime time;
//   rondo::run(amain(), {.time = &time});   // a `sleep(1h)` in there returns at once
//   EXPECT_EQ(time.elapsed(), 1h);

#include "rondo/runtime/clock.hpp"

namespace rondo::testing {

/// A time source that stands still while there is work to do and jumps to the next timer when there
/// is none. For one loop and its thread; outlives the loop.
///
/// The loop jumps as soon as it has nothing ready, so what comes from outside (another process, a
/// socket's other end on another thread) may be overtaken by a timer. Worker threads of the loop,
/// and operations on files, are waited for.
class VirtualTime final : public TimeSource {
 public:
  /// Starts an hour after the clock's epoch, so that earlier times exist.
  VirtualTime() noexcept = default;

  [[nodiscard]] Clock::time_point now() const noexcept override { return now_; }
  [[nodiscard]] bool skips_waiting() const noexcept override { return true; }
  void skip_to(Clock::time_point deadline) noexcept override;

  /// Lets `duration` pass by hand, as a step that takes long does. What is due by then expires in
  /// the loop's next turn.
  void advance(Clock::duration duration) noexcept { now_ += duration; }

  /// How much time has passed since the construction.
  [[nodiscard]] Clock::duration elapsed() const noexcept { return now_ - kStart; }

 private:
  static constexpr Clock::time_point kStart{std::chrono::hours(1)};

  Clock::time_point now_ = kStart;
};

}  // namespace rondo::testing
