#pragma once
// A flag that tasks can wait for.

#include <source_location>

#include "rondo/runtime/home_loop.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo {

/// A flag, not set at first. `set` wakes all who wait for it, and they go on even if it is cleared
/// in the same turn.
///
/// Owner: the loop of the first wait; under another loop, or on another thread, `set`, `clear` and
/// `wait` throw. Other threads hand over with `call_soon_threadsafe`. Lifetime: when it is
/// destroyed, those who wait get `DestroyedError`; it is to be destroyed on its loop's thread.
class Event {
 public:
  explicit Event(std::source_location created_at = std::source_location::current()) noexcept
      : home_("Event", created_at) {}
  ~Event() { home_.abandon(waiters_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  /// Sets the flag and wakes all waiters, in the order of their arrival.
  void set();

  /// Takes the flag back: later waits wait for the next `set`.
  void clear();

  [[nodiscard]] bool is_set() const noexcept { return is_set_; }

  /// Waits until the flag is set; not at all if it is. Cancelling ends the wait.
  Task<> wait();

 private:
  bool is_set_ = false;
  detail::HomeLoop home_;
  detail::WaitQueue waiters_;
};

}  // namespace rondo
