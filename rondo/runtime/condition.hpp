#pragma once
// Waiting, under a lock, for something to become true.
//
//   auto guard = co_await condition.acquire();
//   co_await condition.wait_for([&] { return !jobs.empty(); });

#include <concepts>
#include <cstddef>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/lock.hpp"
#include "rondo/runtime/safe_in_await.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo {

/// A task that holds the lock gives it up for the time of a wait and holds it again whenever the
/// wait returns or throws, cancellation included. First come, first notified. A notification is
/// never lost to a cancellation: a task that is notified first returns from its wait and meets the
/// cancellation at its next await; one that is cancelled first leaves the notification to the next.
///
/// Owner: the loop of the first wait; under another loop, or on another thread, every call throws.
/// Lifetime: the lock outlives the condition. When the condition is destroyed, those who wait get
/// `DestroyedError`, with the lock held if it still exists; both are to be destroyed on their
/// loop's thread.
class Condition {
 public:
  /// Over a lock of its own.
  explicit Condition(std::source_location created_at = std::source_location::current());

  /// Over `lock`, which several conditions may share.
  explicit Condition(Lock& lock,
                     std::source_location created_at = std::source_location::current()) noexcept
      : lock_(&lock), home_("Condition", created_at) {}
  ~Condition() { home_.abandon(waiters_); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// The same as `lock().acquire()`.
  Task<Lock::Guard> acquire() { return lock_->acquire(); }

  [[nodiscard]] Lock& lock() const noexcept { return *lock_; }

  /// Gives the lock up, waits to be notified, and takes the lock again, in the order of arrival at
  /// the lock and out of reach of any cancellation. Throws `InvalidStateError` unless the task
  /// holds the lock. What was waited for may have changed again before the task goes on.
  Task<> wait();

  /// Waits until `predicate()`, which is asked with the lock held, is true; not at all if it is. It
  /// is moved or copied into the wait.
  ///
  /// A closure with captures that own something must have a name: GCC 12 destroys it twice
  /// otherwise.
  template <class Predicate>
    requires std::predicate<std::decay_t<Predicate>&>
  Task<> wait_for(Predicate&& predicate) {
    static_assert(detail::is_safe_in_await<Predicate>,
                  "give this lambda a name first, or capture by reference: GCC 12 destroys owning "
                  "captures in an awaiting expression twice");
    return wait_until<std::decay_t<Predicate>>(std::forward<Predicate>(predicate));
  }

  /// Wakes the first `count` who wait. Throws `InvalidStateError` unless the task holds the lock,
  /// `NoRunningLoopError` outside of a task.
  void notify(std::size_t count = 1);

  /// Wakes all who wait.
  void notify_all();

 private:
  template <class Predicate>
  Task<> wait_until(Predicate predicate) {
    lock_->require_holder("Condition::wait_for()");
    while (!predicate()) co_await wait();
  }

  std::unique_ptr<Lock> own_;
  Lock* lock_;
  detail::HomeLoop home_;
  detail::WaitQueue waiters_;
};

}  // namespace rondo
