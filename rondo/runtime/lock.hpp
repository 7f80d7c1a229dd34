#pragma once
// Mutual exclusion between tasks.
//
//   auto guard = co_await lock.acquire();   // given back at the end of the block

#include <cstdint>
#include <source_location>

#include "rondo/base/intrusive_list.hpp"
#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo {

class Condition;

namespace detail {
struct GuardTag;
}

/// A lock that one task holds at a time, first come, first served. A waiter that is cancelled never
/// takes the lock with it. The task that acquired it is its holder until it is given back, wherever
/// the guard goes.
///
/// Owner: the loop of the first wait; under another loop, or on another thread, every call but
/// `locked` throws. Lifetime: when it is destroyed, those who wait get `DestroyedError` and a guard
/// gives nothing back; it is to be destroyed on its loop's thread.
class Lock {
 public:
  class Guard;

  explicit Lock(std::source_location created_at = std::source_location::current()) noexcept
      : home_("Lock", created_at) {}
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  /// Waits for the lock and gives it as an object that gives it back when it is destroyed.
  /// Cancelling ends the wait without the lock. Throws `InvalidStateError` when the task holds the
  /// lock already: it would wait for itself.
  Task<Guard> acquire();

  /// Takes the lock if that needs no waiting; otherwise the guard is empty.
  Guard try_acquire();

  /// Gives the lock back before the guard's end, which then does nothing. Throws
  /// `InvalidStateError` when nobody holds it.
  void release();

  [[nodiscard]] bool locked() const noexcept { return ticket_ != 0; }

 private:
  friend class Condition;
  class Place;

  void take(std::uint64_t ticket, std::uint64_t holder) noexcept;

  /// Gives the lock to the first who waits.
  void hand_on() noexcept;

  /// Throws `InvalidStateError` unless the running task is the holder.
  void require_holder(const char* function) const;

  /// Gives the lock away for the length of a wait; `take_back` gets it for the same guard again,
  /// whatever cancellation asks for. If it was destroyed meanwhile, throws `DestroyedError`.
  Guard step_aside() noexcept;
  static Task<> take_back(Guard aside);

  std::uint64_t ticket_ = 0;  // of the guard that holds it; 0 when it is free
  std::uint64_t last_ticket_ = 0;
  std::uint64_t holder_ = 0;  // the id of a fiber, or 0
  detail::HomeLoop home_;
  detail::WaitQueue waiters_;
  IntrusiveList<Guard, detail::GuardTag> guards_;
};

/// Holds a lock; gives it back at its end. It may be moved and may outlive the lock. One that is
/// destroyed on another thread than that of the lock's loop leaves it locked: a destructor can
/// neither reach that loop nor throw.
class [[nodiscard]] Lock::Guard : private ListElement<detail::GuardTag> {
 public:
  Guard() noexcept = default;
  Guard(Guard&& other) noexcept { take_from(other); }
  Guard& operator=(Guard&& other) noexcept;
  ~Guard() { give_back(); }

  /// Gives the lock back before the end; does nothing where there is none.
  void release() {
    if (owns_lock()) lock_->release();
  }

  /// Whether this is what holds the lock.
  [[nodiscard]] bool owns_lock() const noexcept {
    return lock_ != nullptr && lock_->ticket_ == ticket_;
  }
  explicit operator bool() const noexcept { return owns_lock(); }

 private:
  friend class Lock;
  friend class Condition;
  friend class IntrusiveList<Guard, detail::GuardTag>;

  Guard(Lock& lock, std::uint64_t ticket) noexcept : lock_(&lock), ticket_(ticket) {
    lock.guards_.push_back(*this);
  }
  void take_from(Guard& other) noexcept;
  void give_back() noexcept;
  void forget() noexcept;

  Lock* lock_ = nullptr;
  std::uint64_t ticket_ = 0;
};

}  // namespace rondo
