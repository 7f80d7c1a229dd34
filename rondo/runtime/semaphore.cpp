// A released permit goes straight to the first waiter and is never put back for somebody else to
// snatch. A waiter that is woken and cancelled in the same turn has its permit, and meets the
// cancellation at its next await.

#include "rondo/runtime/semaphore.hpp"

namespace rondo {

Semaphore::~Semaphore() {
  home_.abandon(waiters_);
  while (Permit* permit = held_.pop_front()) permit->semaphore_ = nullptr;
}

bool Semaphore::try_acquire() {
  home_.require("Semaphore::try_acquire()");
  if (permits_ == 0) return false;
  --permits_;
  return true;
}

Task<> Semaphore::acquire() {
  home_.settle();
  if (!try_acquire()) co_await waiters_.wait();
}

Task<Semaphore::Permit> Semaphore::hold() {
  co_await acquire();
  co_return Permit(*this);
}

void Semaphore::release() {
  home_.require("Semaphore::release()", waiters_);
  give_back();
}

void Semaphore::give_back() noexcept {
  const auto reach = home_.reach();
  if (reach == detail::HomeLoop::Reach::elsewhere) return;
  const bool may_wake = reach == detail::HomeLoop::Reach::here;
  if (!may_wake || !waiters_.wake_one()) ++permits_;
}

Semaphore::Permit& Semaphore::Permit::operator=(Permit&& other) noexcept {
  if (this != &other) {
    give_back();
    take_from(other);
  }
  return *this;
}

void Semaphore::Permit::take_from(Permit& other) noexcept {
  semaphore_ = std::exchange(other.semaphore_, nullptr);
  other.unlink();
  if (semaphore_ != nullptr) semaphore_->held_.push_back(*this);
}

void Semaphore::Permit::give_back() noexcept {
  if (semaphore_ == nullptr) return;
  unlink();
  std::exchange(semaphore_, nullptr)->give_back();
}

}  // namespace rondo
