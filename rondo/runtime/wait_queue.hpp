#pragma once
// A fair queue of suspended fibers: what events, semaphores, joins and the connection pool wait in.

#include <coroutine>
#include <cstddef>

#include "rondo/base/intrusive_list.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/suspension.hpp"

namespace rondo::detail {

struct WaiterTag;

/// A place in a `WaitQueue`; the awaiter of `WaitQueue::wait`.
class Waiter final : public Suspension, public ListElement<WaiterTag> {
 public:
  explicit Waiter(IntrusiveList<Waiter, WaiterTag>& queue) noexcept : queue_(&queue) {}

  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) noexcept {
    return park(frame, frame.promise());
  }
  /// Throws `Cancelled` when the wait was ended by a cancellation. A waiter that was woken first
  /// keeps what it was woken for, and meets the cancellation at its next await.
  void await_resume() const;

  void cancel() noexcept override;

 private:
  friend class WaitQueue;
  bool park(std::coroutine_handle<> frame, const Promise& promise) noexcept;
  void wake() noexcept;

  IntrusiveList<Waiter, WaiterTag>* queue_;
  Fiber* fiber_ = nullptr;
  bool cancelled_ = false;
};

/// First come, first woken. One loop only.
class WaitQueue {
 public:
  /// Waits until this place is woken.
  [[nodiscard]] Waiter wait() noexcept { return Waiter(waiters_); }

  [[nodiscard]] bool empty() const noexcept { return waiters_.empty(); }

  /// Wakes the first in the queue; false when there is none.
  bool wake_one() noexcept;
  void wake_all() noexcept;

 private:
  IntrusiveList<Waiter, WaiterTag> waiters_;
};

}  // namespace rondo::detail
