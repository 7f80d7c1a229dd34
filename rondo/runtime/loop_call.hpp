#pragma once
// A task that somebody has sent to a loop: on its way, running there, or ended.

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/target_loop.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::detail {

/// Shared by the sender and the loop. It is answered exactly once, unless the sender takes the task
/// back: by the task's end, or by `LoopClosedError` when the loop ends first.
class LoopCall : public std::enable_shared_from_this<LoopCall>, private LoopResident {
 public:
  LoopCall(const LoopCall&) = delete;
  LoopCall& operator=(const LoopCall&) = delete;
  virtual ~LoopCall() = default;

  /// Hands the task to its loop, once. Any thread. Throws `LoopClosedError`.
  void send();

  /// Frees the task and spares the answer; false when the loop was faster. Any thread.
  bool withdraw() noexcept;

  /// Asks the task to end; the answer comes when it has. Any thread.
  void cancel() noexcept;

  [[nodiscard]] const LoopReference& loop() const noexcept { return loop_; }

 protected:
  /// `function` is what the user called, for messages.
  LoopCall(const TargetLoop& target, const char* function) noexcept
      : loop_(target.loop()), where_(target.where()), function_(function), waker_(target.loop()) {}

  /// Whether somebody may call `cancel`: then the loop can still be woken through a call that has
  /// begun, and is never deadlocked.
  [[nodiscard]] virtual bool may_be_cancelled() const noexcept = 0;

  /// All that the loop does for the call: runs the task, frees it, and answers if `may_answer`.
  virtual Task<> perform() = 0;
  virtual void drop_task() noexcept = 0;
  virtual void answer_with_error(std::exception_ptr error) noexcept = 0;

  /// The task has ended. False when the loop has given up on it before.
  [[nodiscard]] bool may_answer() noexcept;

  /// What the sender is told when the task ended with `error`: that the loop closes, if that is why
  /// it was cancelled.
  [[nodiscard]] std::exception_ptr told(std::exception_ptr error) const;

 private:
  class Ticket;
  class LastAnswer;

  void begin();
  void begin_on(EventLoop& loop);
  void expire() noexcept;
  void give_up() noexcept;
  void cancel_here() noexcept;
  void on_loop_exit(ExitReport& report) noexcept final;

  /// The `LoopClosedError` for a task with this `fate`.
  [[nodiscard]] std::exception_ptr closed_error(const char* fate) const;

  LoopReference loop_;
  std::source_location where_;
  const char* function_;
  std::atomic<bool> taken_{false};  // whoever sets it decides on the task

  // The target loop's own.
  Fiber* fiber_ = nullptr;
  bool answered_ = false;
  bool cancel_asked_ = false;
  std::optional<LoopHandle> waker_;
};

/// A call whose task gives a `T`.
template <class T>
class LoopCallFor : public LoopCall {
 protected:
  LoopCallFor(const TargetLoop& target, const char* function, Task<T> task) noexcept
      : LoopCall(target, function), task_(std::move(task)) {}

  virtual void answer(Outcome<T> outcome) noexcept = 0;

 private:
  Task<> perform() final {
    return run(std::static_pointer_cast<LoopCallFor>(this->shared_from_this()));
  }

  static Task<> run(std::shared_ptr<LoopCallFor> self) {
    Outcome<T> outcome;
    try {
      // The callable and its arguments go before the sender hears of the end: they may refer to
      // what the sender owns.
      Task<T> task = std::move(self->task_);
      if constexpr (std::is_void_v<T>) {
        co_await std::move(task);
        outcome.set_value();
      } else {
        outcome.set_value(co_await std::move(task));
      }
    } catch (...) {
      outcome.set_error(self->told(std::current_exception()));
    }
    if (self->may_answer()) self->answer(std::move(outcome));
  }

  void drop_task() noexcept final { task_.discard(); }

  void answer_with_error(std::exception_ptr error) noexcept final {
    Outcome<T> outcome;
    outcome.set_error(std::move(error));
    answer(std::move(outcome));
  }

  Task<T> task_;
};

/// Invokes `callable(arguments...)` when it is awaited, and keeps both until then.
template <class T, class Callable, class... Arguments>
Task<T> invoke_later(Callable callable, Arguments... arguments) {
  co_return co_await std::invoke(callable, std::move(arguments)...);
}

}  // namespace rondo::detail
