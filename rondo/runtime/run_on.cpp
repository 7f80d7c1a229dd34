// The answer comes through the caller's inbox, so it is always the caller's own loop that wakes the
// caller. A cancellation never ends the wait by itself once the task has begun: the task may use
// what the waiting frame owns.

#include "rondo/runtime/run_on.hpp"

#include <fmt/format.h>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::detail {
namespace {

void refuse_idle_loop_of_this_thread(const LoopReference& target) {
  if (target.get() == nullptr || target.get_running() != nullptr) return;
  throw InvalidStateError(
      fmt::format("run_on() called for the event loop created at {}, which is of the same thread: "
                  "it cannot run until the running one has ended",
                  to_string(target.created_at())));
}

}  // namespace

bool CallReturn::begin(std::coroutine_handle<> frame, const Promise& promise) {
  Fiber& fiber = *promise.fiber();
  cancelled_ = fiber.is_cancelled();
  if (cancelled_) return false;
  refuse_idle_loop_of_this_thread(call_->loop());
  call_->send();
  fiber_ = &fiber;
  fiber_->suspend(*this, frame, promise);
  return true;
}

void CallReturn::await_resume() const {
  if (cancelled_) throw Cancelled();
}

void CallReturn::cancel() noexcept {
  if (call_->withdraw()) {
    cancelled_ = true;
    std::exchange(fiber_, nullptr)->wake();
  } else {
    call_->cancel();
  }
}

void CallReturn::arrive() noexcept {
  // A call that could not be sent is answered, too, but nobody waits for that.
  if (fiber_ != nullptr) std::exchange(fiber_, nullptr)->wake();
}

void log_lost_error(const LoopReference& loop, const std::exception_ptr& error) noexcept {
  const EventLoop* here = loop.get();
  if (error && here != nullptr) {
    here->log("error in a task whose caller's loop has closed: " + describe_whole(error));
  }
}

}  // namespace rondo::detail
