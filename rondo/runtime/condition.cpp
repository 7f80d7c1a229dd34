// A wait ends in two steps: notified (or cancelled), and holding the lock again. The second is
// shielded. Between them the condition may be destroyed, and its lock with it, so from the first on
// only the waiting frame is used: it keeps a guard that the lock knows.

#include "rondo/runtime/condition.hpp"

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo {

Condition::Condition(std::source_location created_at)
    : own_(std::make_unique<Lock>(created_at)), lock_(own_.get()), home_("Condition", created_at) {}

Task<> Condition::wait() {
  home_.settle();
  lock_->require_holder("Condition::wait()");
  // A wait that is refused anyway does not give the lock up.
  if (get_running_loop().current_fiber()->is_cancelled()) throw Cancelled();
  Lock::Guard aside = lock_->step_aside();
  std::exception_ptr failure;
  try {
    co_await waiters_.wait();
  } catch (...) {
    failure = std::current_exception();
  }
  const bool lock_is_gone = aside.lock_ == nullptr;
  if (failure && lock_is_gone) std::rethrow_exception(failure);
  co_await Lock::take_back(std::move(aside));
  if (failure) std::rethrow_exception(failure);
}

void Condition::notify(std::size_t count) {
  home_.require("Condition::notify()", waiters_);
  lock_->require_holder("Condition::notify()");
  while (count > 0 && waiters_.wake_one()) --count;
}

void Condition::notify_all() {
  home_.require("Condition::notify_all()", waiters_);
  lock_->require_holder("Condition::notify_all()");
  waiters_.wake_all();
}

}  // namespace rondo
