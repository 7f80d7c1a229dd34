#pragma once
// Cancel scopes: the regions in which awaiting can be asked to end.

#include <source_location>
#include <string>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/scope_node.hpp"
#include "rondo/runtime/timer_wheel.hpp"

namespace rondo {

/// A region of one task, from its construction to its destruction, that can be cancelled as a
/// whole, children included. Cancellation is level-triggered: once the scope is cancelled, every
/// await in it that would suspend throws `Cancelled`, until the scope is left. `timeout`, `shield`,
/// `TaskGroup` and `gather` are built on it.
///
/// Lifetime: an automatic variable of a coroutine; scopes of one task end in the reverse order of
/// their beginning. Threads: the loop's own only; what changes the scope throws `WrongThreadError`
/// on another.
class CancelScope : public detail::ScopeNode, private detail::Timer {
 public:
  enum class Shield : bool { no, yes };

  /// Enters a scope in the running task. A shielded scope is not reached by a cancellation from
  /// outside it. Throws `NoRunningLoopError` outside a task.
  explicit CancelScope(Shield shield = Shield::no);

  /// The same, and cancels it `limit` from now, unless it was left by then.
  explicit CancelScope(Clock::duration limit, Shield shield = Shield::no);

  /// Leaves the scope.
  ~CancelScope();

  CancelScope(const CancelScope&) = delete;
  CancelScope& operator=(const CancelScope&) = delete;

  /// Asks everything inside to end. The first call counts; later ones do nothing.
  void cancel(std::string reason = {},
              std::source_location where = std::source_location::current());

  /// Moves the deadline to `limit` from now; not after the scope was cancelled.
  void set_deadline(Clock::duration limit);

  /// Takes the deadline away, if it has not passed yet.
  void clear_deadline();

  /// Whether `cancel` was called on this scope, or its deadline passed.
  using ScopeNode::cancel_called;

  /// Whether it was the deadline.
  [[nodiscard]] bool deadline_passed() const noexcept { return deadline_passed_; }

  /// Whether awaits in this scope throw: it or one around it was cancelled, with no shield between.
  using ScopeNode::is_cancelled;

  /// Whether a cancellation comes from outside this scope: then `Cancelled` must travel on.
  using ScopeNode::is_cancelled_outside;

  /// What `cancel` was given.
  using ScopeNode::cancelled_at;
  using ScopeNode::reason;

 private:
  static void expire(detail::Timer& timer) noexcept;

  bool deadline_passed_ = false;
};

}  // namespace rondo
