// A waiter leaves the queue in the moment it is woken or cancelled, so it is never both: no wake-up
// is spent on somebody who has gone.

#include "rondo/runtime/wait_queue.hpp"

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo::detail {

bool Waiter::park(std::coroutine_handle<> frame, const Promise& promise) noexcept {
  fiber_ = promise.fiber();
  cancelled_ = fiber_->is_cancelled();
  if (cancelled_) return false;
  queue_->push_back(*this);
  fiber_->suspend(*this, frame, promise);
  return true;
}

void Waiter::await_resume() const {
  if (cancelled_) throw Cancelled();
}

void Waiter::cancel() noexcept {
  cancelled_ = true;
  unlink();
  fiber_->wake();
}

void Waiter::wake() noexcept {
  fiber_->wake();
}

bool WaitQueue::wake_one() noexcept {
  Waiter* waiter = waiters_.pop_front();
  if (waiter == nullptr) return false;
  waiter->wake();
  return true;
}

void WaitQueue::wake_all() noexcept {
  while (wake_one()) {
  }
}

}  // namespace rondo::detail
