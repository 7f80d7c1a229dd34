#pragma once
// A fair queue of suspended fibers: what locks, events, joins and the connection pool wait in.

#include <coroutine>
#include <exception>

#include "rondo/base/intrusive_list.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/suspension.hpp"

namespace rondo::detail {

class WaitQueue;
struct WaiterTag;

/// A place in a `WaitQueue`. A class derived from it can carry what the waker hands over: whoever
/// wakes the first in the queue fills that in before.
class WaitPlace : public Suspension, public ListElement<WaiterTag> {
 public:
  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) noexcept {
    return park(frame, frame.promise());
  }
  /// Throws `Cancelled` when the wait was ended by a cancellation, and what `WaitQueue::fail_all`
  /// was given. A waiter that was woken first keeps what it was woken for, and meets the
  /// cancellation at its next await.
  void await_resume();

  void cancel() noexcept override;

  /// The fiber that waits here.
  [[nodiscard]] Fiber& fiber() const noexcept { return *fiber_; }

 protected:
  explicit WaitPlace(WaitQueue& queue) noexcept : queue_(&queue) {}
  virtual ~WaitPlace() = default;

  virtual void wake() noexcept;

 private:
  friend class WaitQueue;
  bool park(std::coroutine_handle<> frame, const Promise& promise) noexcept;

  WaitQueue* queue_;
  Fiber* fiber_ = nullptr;
  std::exception_ptr failure_;
  bool cancelled_ = false;
};

/// A place that carries nothing: the awaiter of `WaitQueue::wait`.
class Waiter final : public WaitPlace {
 public:
  explicit Waiter(WaitQueue& queue) noexcept : WaitPlace(queue) {}
};

/// First come, first woken. One loop only. The queue knows a waiter until its fiber goes on: an
/// await that returns tells that the queue was still there, and `fail_all` reaches those too who
/// were woken in the same turn.
class WaitQueue {
 public:
  /// Waits until this place is woken.
  [[nodiscard]] Waiter wait() noexcept { return Waiter(*this); }

  /// Puts a place into the queue that no fiber is suspended in: only its `wake` counts.
  void add(WaitPlace& waiter) noexcept { waiting_.push_back(waiter); }

  /// Whether nobody waits to be woken.
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

  /// Who is woken next, or null.
  [[nodiscard]] WaitPlace* front() noexcept { return waiting_.front(); }

  /// Wakes the first in the queue; false when there is none.
  bool wake_one() noexcept;
  void wake_all() noexcept;

  /// Ends all waits: they throw `failure`.
  void fail_waiting(const std::exception_ptr& failure) noexcept;

  /// The same, for those also who were woken but did not go on yet.
  void fail_all(const std::exception_ptr& failure) noexcept;

 private:
  friend class WaitPlace;

  IntrusiveList<WaitPlace, WaiterTag> waiting_;
  IntrusiveList<WaitPlace, WaiterTag> woken_;
};

}  // namespace rondo::detail
