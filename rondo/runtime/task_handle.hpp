#pragma once
// What the spawner holds of a task.

#include <exception>
#include <source_location>
#include <string>
#include <utility>

#include "rondo/runtime/fiber_frame.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

/// Refers to a spawned task: to name it, cancel it, wait for it, and read its result. May be copied
/// and forgotten; the task belongs to its group. Loop thread only: all but the questions that throw
/// nothing throw `WrongThreadError` elsewhere. After the loop's end the result can still be read.
template <class T>
class TaskHandle {
 public:
  [[nodiscard]] bool done() const noexcept { return frame_->has_ended(); }

  /// Whether the task ended with `Cancelled`.
  [[nodiscard]] bool cancelled() const noexcept { return done() && frame_->was_cancelled(); }

  /// Asks the task, and all it has spawned, to end.
  void cancel(std::string reason = {},
              std::source_location where = std::source_location::current()) {
    frame_->require_thread("TaskHandle::cancel()");
    if (!done() && frame_->has_loop()) frame_->cancel(std::move(reason), where);
  }

  /// Waits for the task's end, however it ends. Cancelling the wait does not cancel the task.
  /// Throws `WrongLoopError` under another loop than the task's, and `LoopClosedError` after its
  /// end.
  Task<> wait() const { return wait_for_end(frame_); }

  /// The value the task gave; throws its exception, or `InvalidStateError` before its end.
  [[nodiscard]] const typename Outcome<T>::Value& result() const {
    require_end("TaskHandle::result()");
    return frame_->outcome().value();
  }

  /// The same, moved out: for values that cannot be copied. `result` gives an emptied value then.
  T take_result() const {
    require_end("TaskHandle::take_result()");
    return frame_->take_result();
  }

  /// What the task ended with instead of a value, `Cancelled` included, or null. Throws
  /// `InvalidStateError` before its end.
  [[nodiscard]] std::exception_ptr exception() const {
    require_end("TaskHandle::exception()");
    return frame_->error();
  }

  [[nodiscard]] const std::string& name() const noexcept { return frame_->name(); }
  void set_name(std::string name) {
    frame_->require_thread("TaskHandle::set_name()");
    frame_->set_name(std::move(name));
  }

  // What `TaskGroup` and `wait` build on.

  explicit TaskHandle(detail::FiberFrame<T> frame) noexcept : frame_(std::move(frame)) {
    frame_->keep_home();
  }
  [[nodiscard]] detail::Fiber& fiber() const noexcept { return *frame_; }

 private:
  void require_end(const char* function) const {
    frame_->require_thread(function);
    if (!done()) throw InvalidStateError("the result of a task was read before its end");
  }

  static Task<> wait_for_end(detail::FiberFrame<T> frame) {
    frame->require_home("TaskHandle::wait()");
    while (!frame->has_ended()) co_await frame->joiners().wait();
  }

  detail::FiberFrame<T> frame_;
};

}  // namespace rondo
