// An operation that ends while it is started does not suspend its fiber, as long as the fiber's
// step has budget left. One that has to wait inside a cancelled scope is stopped at once: it was
// about to suspend, so it throws.

#include "rondo/runtime/operation_awaiter.hpp"

#include <cerrno>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::detail {

bool OperationAwaiter::begin(std::coroutine_handle<> frame, const Promise& promise) {
  fiber_ = promise.fiber();
  const bool may_continue = fiber_->loop().may_continue_inline();
  if (!may_continue && fiber_->is_cancelled()) {
    // Started, it might end at once again and again, and the cancellation would never take effect.
    cancelled_ = true;
    result = -ECANCELED;
    return false;
  }
  if (start(*this)) {
    if (may_continue) return false;
    fiber_->yield(frame, promise);
    return true;
  }
  fiber_->suspend(*this, frame, promise);
  if (fiber_->is_cancelled()) fiber_->interrupt();
  return true;
}

void OperationAwaiter::on_complete(Operation& operation) noexcept {
  static_cast<OperationAwaiter&>(operation).fiber_->wake();
}

void OperationAwaiter::cancel() noexcept {
  cancelled_ = true;
  stop(*this);
}

std::int64_t OperationAwaiter::ended() const {
  if (cancelled_ && result == -ECANCELED) throw Cancelled();
  return result;
}

}  // namespace rondo::detail
