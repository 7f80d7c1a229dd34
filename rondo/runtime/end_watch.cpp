// One watcher stands among the joiners of each fiber and only takes a note; the task that waits is
// woken once, when there are enough.

#include "rondo/runtime/end_watch.hpp"

#include <utility>

#include "rondo/runtime/cancelled.hpp"

namespace rondo::detail {

EndWatch::EndWatch(std::size_t size) {
  ended_.reserve(size);
}

void EndWatch::add(Fiber& fiber) {
  const std::size_t number = watchers_.size();
  Watcher& watcher = watchers_.emplace_back(*this, fiber, number);
  if (fiber.has_ended()) {
    on_end(fiber, number);
  } else {
    fiber.joiners().add(watcher);
  }
}

bool EndWatch::park(std::coroutine_handle<> frame, const Promise& promise) noexcept {
  Fiber* const fiber = promise.fiber();
  cancelled_ = fiber->is_cancelled();
  if (cancelled_) return false;
  waiter_ = fiber;
  fiber->suspend(*this, frame, promise);
  return true;
}

void EndWatch::await_resume() const {
  if (cancelled_) throw Cancelled();
}

void EndWatch::cancel() noexcept {
  cancelled_ = true;
  std::exchange(waiter_, nullptr)->wake();
}

void EndWatch::on_end(Fiber& fiber, std::size_t number) noexcept {
  ended_.push_back(number);
  has_failure_ |= fiber.error() != nullptr && !fiber.was_cancelled();
  if (waiter_ != nullptr && is_enough()) std::exchange(waiter_, nullptr)->wake();
}

}  // namespace rondo::detail
