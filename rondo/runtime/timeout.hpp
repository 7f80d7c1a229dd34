#pragma once
// Deadlines and shields around a task.

#include <utility>

#include "rondo/runtime/as_task.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

namespace detail {

/// Throws the `TimeoutError` of a task that had `limit`.
[[noreturn]] void throw_timeout(Clock::duration limit);

/// Whether a `Cancelled` that leaves `scope` was caused by its deadline alone.
inline bool timed_out(const CancelScope& scope) noexcept {
  return scope.deadline_passed() && !scope.is_cancelled_outside();
}

template <class T>
Task<T> run_limited(CancelScope::Shield shield, Clock::duration limit, Task<T> task) {
  CancelScope scope(limit, shield);
  try {
    co_return co_await std::move(task);
  } catch (const Cancelled&) {
    if (!timed_out(scope)) throw;
  }
  throw_timeout(limit);
}

}  // namespace detail

/// Awaits `task` for at most `limit`. When that is over, cancels it, awaits its end and throws
/// `TimeoutError`. A result that comes before the cancellation has taken effect is given all the
/// same.
template <class T>
Task<T> timeout(Clock::duration limit, Task<T> task) {
  return detail::run_limited(CancelScope::Shield::no, limit, std::move(task));
}

template <detail::MovableAwaiter Awaiter>
auto timeout(Clock::duration limit, Awaiter awaiter) {
  return timeout(limit, detail::as_task(std::move(awaiter)));
}

/// asyncio's name and order for the same.
template <detail::TaskOrAwaiter Awaited>
auto wait_for(Awaited awaited, Clock::duration limit) {
  return timeout(limit, std::move(awaited));
}

/// Awaits `task` out of reach of any cancellation from outside. What was asked meanwhile takes
/// effect at the next await behind the shield. At the end of a run only the shutdown time-out ends
/// the waiting.
template <class T>
Task<T> shield(Task<T> task) {
  const CancelScope scope(CancelScope::Shield::yes);
  co_return co_await std::move(task);
}

/// The same with a deadline of its own: throws `TimeoutError` after `limit`. For clean-up that may
/// hang.
template <class T>
Task<T> shield(Clock::duration limit, Task<T> task) {
  return detail::run_limited(CancelScope::Shield::yes, limit, std::move(task));
}

}  // namespace rondo
