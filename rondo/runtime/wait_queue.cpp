// A waiter leaves the waiting in the moment it is woken or cancelled, so it is never both: no
// wake-up is spent on somebody who has gone. Woken, it stands in a second list until its fiber goes
// on, for the owner of the queue may be destroyed between.

#include "rondo/runtime/wait_queue.hpp"

#include "rondo/base/prefetch.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo::detail {

bool WaitPlace::park(std::coroutine_handle<> frame, const Promise& promise) noexcept {
  fiber_ = promise.fiber();
  cancelled_ = fiber_->is_cancelled();
  if (cancelled_) return false;
  queue_->waiting_.push_back(*this);
  fiber_->suspend(*this, frame, promise);
  return true;
}

void WaitPlace::await_resume() {
  unlink();
  if (cancelled_) throw Cancelled();
  if (failure_) std::rethrow_exception(failure_);
}

void WaitPlace::cancel() noexcept {
  cancelled_ = true;
  unlink();
  fiber_->wake();
}

void WaitPlace::wake() noexcept {
  fiber_->wake();
}

bool WaitQueue::wake_one() noexcept {
  WaitPlace* waiter = waiting_.pop_front();
  if (waiter == nullptr) return false;
  // Those who come next have waited for long, perhaps behind thousands.
  if (WaitPlace* next = waiting_.front()) {
    if (next->fiber_ != nullptr) prefetch<sizeof(Fiber)>(next->fiber_);
    if (const WaitPlace* second = waiting_.next(*next)) prefetch<4 * kCacheLine>(second);
  }
  woken_.push_back(*waiter);
  waiter->wake();
  return true;
}

void WaitQueue::wake_all() noexcept {
  while (wake_one()) {
  }
}

void WaitQueue::fail_waiting(const std::exception_ptr& failure) noexcept {
  while (WaitPlace* waiter = waiting_.pop_front()) {
    waiter->failure_ = failure;
    waiter->wake();
  }
}

void WaitQueue::fail_all(const std::exception_ptr& failure) noexcept {
  fail_waiting(failure);
  while (WaitPlace* waiter = woken_.pop_front()) waiter->failure_ = failure;
}

}  // namespace rondo::detail
