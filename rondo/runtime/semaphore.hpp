#pragma once
// A counter of permits.

#include <cstddef>

#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo {

/// `acquire` waits for a permit, first come, first served; `release` gives one back. A waiter that
/// is cancelled never takes a permit with it. One loop only.
class Semaphore {
 public:
  explicit Semaphore(std::size_t permits) noexcept : permits_(permits) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Takes a permit; waits while there is none, or while others wait. Cancelling ends the wait
  /// without a permit.
  Task<> acquire();

  /// Takes a permit if that needs no waiting.
  [[nodiscard]] bool try_acquire() noexcept;

  /// Gives a permit back: to the first waiter, if there is one.
  void release() noexcept;

  [[nodiscard]] bool locked() const noexcept { return permits_ == 0; }

 private:
  std::size_t permits_;
  detail::WaitQueue waiters_;
};

}  // namespace rondo
