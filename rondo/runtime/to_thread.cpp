// The worker hands the fiber back through the loop's inbox; a call that no worker has taken yet can
// be withdrawn. When the loop has given up waiting and closed, nobody is there to take it: the
// frame stays as it is, for ever.

#include "rondo/runtime/to_thread.hpp"

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/thread_pool.hpp"

namespace rondo::detail {

bool ThreadCall::begin(std::coroutine_handle<> frame, const Promise& promise) {
  fiber_ = promise.fiber();
  cancelled_ = fiber_->is_cancelled();
  if (cancelled_) return false;
  EventLoop& loop = fiber_->loop();
  const auto done = [fiber = fiber_, handle = loop.reference()] {
    try {
      handle.call_soon_threadsafe([fiber] { fiber->wake(); });
    } catch (const LoopClosedError&) {
      // The exit report has named this thread already.
    }
  };
  loop.threads().submit([work = work_] { (*work)(); }, this, done);
  fiber_->suspend(*this, frame, promise);
  return true;
}

void ThreadCall::cancel() noexcept {
  if (!fiber_->loop().threads().withdraw(this)) return;
  cancelled_ = true;
  fiber_->wake();
}

void ThreadCall::await_resume() const {
  if (cancelled_) throw Cancelled();
}

}  // namespace rondo::detail
