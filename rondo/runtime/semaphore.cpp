// A released permit goes straight to the first waiter and is never put back for somebody else to
// snatch. A waiter that is woken and cancelled in the same turn has its permit, and meets the
// cancellation at its next await.

#include "rondo/runtime/semaphore.hpp"

namespace rondo {

bool Semaphore::try_acquire() noexcept {
  if (permits_ == 0) return false;
  --permits_;
  return true;
}

Task<> Semaphore::acquire() {
  if (!try_acquire()) co_await waiters_.wait();
}

void Semaphore::release() noexcept {
  if (!waiters_.wake_one()) ++permits_;
}

}  // namespace rondo
