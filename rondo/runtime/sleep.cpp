// The timer is the awaiter itself: a sleep allocates nothing.

#include "rondo/runtime/sleep.hpp"

#include "rondo/runtime/event_loop.hpp"

namespace rondo::detail {

void Sleep::expire(Timer& timer) noexcept {
  static_cast<Sleep&>(timer).fiber_->wake();
}

bool Sleep::park(std::coroutine_handle<> frame, const Promise& promise) noexcept {
  fiber_ = promise.fiber();
  cancelled_ = fiber_->is_cancelled();
  if (cancelled_) return false;
  if (delay_ <= Clock::duration::zero()) {
    fiber_->yield(frame, promise);
  } else {
    fiber_->loop().schedule(*this, delay_);
    fiber_->suspend(*this, frame, promise);
  }
  return true;
}

void Sleep::cancel() noexcept {
  cancelled_ = true;
  unlink();
  fiber_->wake();
}

}  // namespace rondo::detail
