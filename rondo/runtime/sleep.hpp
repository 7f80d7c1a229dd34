#pragma once
// Waiting for time to pass.

#include <coroutine>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/suspension.hpp"
#include "rondo/runtime/timer_wheel.hpp"

namespace rondo {

namespace detail {

/// The awaiter of `sleep`.
class Sleep final : public Suspension, private Timer {
 public:
  explicit Sleep(Clock::duration delay) noexcept : Timer(&Sleep::expire), delay_(delay) {}
  /// Before it is awaited.
  Sleep(Sleep&& other) noexcept : Sleep(other.delay_) {}

  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) noexcept {
    return park(frame, frame.promise());
  }
  void await_resume() const {
    if (cancelled_) throw Cancelled();
  }
  void cancel() noexcept override;

 private:
  static void expire(Timer& timer) noexcept;
  bool park(std::coroutine_handle<> frame, const Promise& promise) noexcept;

  Clock::duration delay_;
  Fiber* fiber_ = nullptr;
  bool cancelled_ = false;
};

}  // namespace detail

/// Waits `delay`, to the millisecond, never less; zero or less lets the others go first. Cancelling
/// ends it at once.
[[nodiscard("co_await it")]] inline detail::Sleep sleep(Clock::duration delay) noexcept {
  return detail::Sleep(delay);
}

}  // namespace rondo
