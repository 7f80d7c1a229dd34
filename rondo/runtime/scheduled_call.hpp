#pragma once
// Callbacks on the loop: what `call_soon`, `call_later` and `call_at` put there.

#include <functional>
#include <memory>

#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/runnable.hpp"
#include "rondo/runtime/timer_wheel.hpp"

namespace rondo {

class EventLoop;

namespace detail {

struct CallTag;

/// Keeps itself alive while the loop has it to run.
class ScheduledCall final : public Runnable, public Timer, public ListElement<CallTag> {
 public:
  ScheduledCall(EventLoop& loop, std::function<void()> callback);

  /// Hands the call to the loop: to its ready queue at once, or to its timers first.
  void hold(std::shared_ptr<ScheduledCall> self) noexcept { self_ = std::move(self); }
  void cancel() noexcept;
  void require_thread(const char* function) const { home_.require_thread(function); }
  void run() noexcept override;

  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

 private:
  EventLoop* loop_;
  LoopReference home_;
  std::function<void()> callback_;
  std::shared_ptr<ScheduledCall> self_;
  bool cancelled_ = false;
};

}  // namespace detail

/// A callback that was handed to the loop. Forgetting the handle does not cancel it. Loop thread
/// only.
class CallHandle {
 public:
  /// Takes the callback back, if it has not run yet. May be called after the loop's end; throws
  /// `WrongThreadError` on another thread before it.
  void cancel() {
    call_->require_thread("CallHandle::cancel()");
    call_->cancel();
  }
  [[nodiscard]] bool cancelled() const noexcept { return call_->is_cancelled(); }

 private:
  friend class EventLoop;
  explicit CallHandle(std::shared_ptr<detail::ScheduledCall> call) noexcept
      : call_(std::move(call)) {}

  std::shared_ptr<detail::ScheduledCall> call_;
};

}  // namespace rondo
