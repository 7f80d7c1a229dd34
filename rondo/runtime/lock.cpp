// The lock is never free while somebody waits: giving it back makes the first waiter its holder in
// the same moment. A guard knows its lock by a ticket, so one that was released by hand, or whose
// task waits for a condition, gives nothing back; the lock knows its guards, so they may outlive
// it.

#include "rondo/runtime/lock.hpp"

#include <utility>

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo {
namespace {

/// The id of the running fiber; 0 outside of one.
std::uint64_t current_fiber_id() noexcept {
  const EventLoop* loop = detail::running_loop();
  const detail::Fiber* fiber = loop != nullptr ? loop->current_fiber() : nullptr;
  return fiber != nullptr ? fiber->id() : 0;
}

}  // namespace

/// Somebody who waits for the lock, and the ticket it will be held by.
class Lock::Place final : public detail::WaitPlace {
 public:
  Place(Lock& lock, std::uint64_t ticket) noexcept : WaitPlace(lock.waiters_), ticket_(ticket) {}

  [[nodiscard]] std::uint64_t ticket() const noexcept { return ticket_; }

 private:
  std::uint64_t ticket_;
};

Lock::~Lock() {
  home_.abandon(waiters_);
  while (Guard* guard = guards_.pop_front()) guard->lock_ = nullptr;
}

Task<Lock::Guard> Lock::acquire() {
  home_.settle();
  const std::uint64_t ticket = ++last_ticket_;
  if (locked()) {
    if (holder_ == current_fiber_id()) {
      throw InvalidStateError(home_.description() +
                              " is held by the task that acquires it: it would wait for itself");
    }
    Place place(*this, ticket);
    co_await place;
  } else {
    take(ticket, current_fiber_id());
  }
  co_return Guard(*this, ticket);
}

Lock::Guard Lock::try_acquire() {
  home_.require("Lock::try_acquire()");
  if (locked()) return {};
  take(++last_ticket_, current_fiber_id());
  return {*this, ticket_};
}

void Lock::release() {
  home_.require("Lock::release()", waiters_);
  if (!locked()) throw InvalidStateError(home_.description() + " is released, but nobody holds it");
  hand_on();
}

void Lock::take(std::uint64_t ticket, std::uint64_t holder) noexcept {
  ticket_ = ticket;
  holder_ = holder;
}

void Lock::hand_on() noexcept {
  const bool may_wake = home_.reach() == detail::HomeLoop::Reach::here;
  if (may_wake && !waiters_.empty()) {
    const auto& next = static_cast<Place&>(*waiters_.front());
    take(next.ticket(), next.fiber().id());
    waiters_.wake_one();
  } else {
    take(0, 0);
  }
}

void Lock::require_holder(const char* function) const {
  const std::uint64_t fiber = current_fiber_id();
  if (fiber == 0) throw NoRunningLoopError(function);
  if (!locked() || holder_ != fiber) {
    throw InvalidStateError(std::string(function) + " needs the lock: " + home_.description() +
                            " is not held by this task");
  }
}

Lock::Guard Lock::step_aside() noexcept {
  Guard aside(*this, ticket_);
  hand_on();
  return aside;
}

Task<> Lock::take_back(Guard aside) {
  const CancelScope shield(CancelScope::Shield::yes);
  Lock* const lock = aside.lock_;
  if (lock == nullptr) throw DestroyedError("the Lock of a Condition was destroyed during a wait");
  if (lock->locked()) {
    Place place(*lock, aside.ticket_);
    co_await place;
  } else {
    lock->take(aside.ticket_, current_fiber_id());
  }
  aside.forget();
}

Lock::Guard& Lock::Guard::operator=(Guard&& other) noexcept {
  if (this != &other) {
    give_back();
    take_from(other);
  }
  return *this;
}

void Lock::Guard::take_from(Guard& other) noexcept {
  lock_ = other.lock_;
  ticket_ = other.ticket_;
  other.forget();
  if (lock_ != nullptr) lock_->guards_.push_back(*this);
}

void Lock::Guard::give_back() noexcept {
  if (owns_lock() && lock_->home_.reach() != detail::HomeLoop::Reach::elsewhere) lock_->hand_on();
  forget();
}

void Lock::Guard::forget() noexcept {
  unlink();
  lock_ = nullptr;
}

}  // namespace rondo
