#pragma once
// Cancel scopes: the regions in which awaiting can be asked to end.

#include <source_location>
#include <string>

#include "rondo/base/intrusive_list.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/timer_wheel.hpp"

namespace rondo {

class EventLoop;

namespace detail {
class Fiber;
struct ChildScopeTag;
}  // namespace detail

/// A region of one task, from its construction to its destruction, that can be cancelled as a
/// whole, children included. Cancellation is level-triggered: once the scope is cancelled, every
/// await in it that would suspend throws `Cancelled`, until the scope is left. `timeout`, `shield`,
/// `TaskGroup` and `gather` are built on it.
///
/// Lifetime: an automatic variable of a coroutine; scopes of one task end in the reverse order of
/// their beginning. Threads: the loop's own only; what changes the scope throws `WrongThreadError`
/// on another.
class CancelScope : public ListElement<detail::ChildScopeTag>, private detail::Timer {
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
  [[nodiscard]] bool cancel_called() const noexcept { return cancel_called_; }

  /// Whether it was the deadline.
  [[nodiscard]] bool deadline_passed() const noexcept { return deadline_passed_; }

  /// Whether awaits in this scope throw: it or one around it was cancelled, with no shield between.
  [[nodiscard]] bool is_cancelled() const noexcept { return effective_; }

  /// Whether a cancellation comes from outside this scope: then `Cancelled` must travel on.
  [[nodiscard]] bool is_cancelled_outside() const noexcept;

  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  [[nodiscard]] const std::source_location& cancelled_at() const noexcept { return cancelled_at_; }

 private:
  friend class EventLoop;
  friend class detail::Fiber;

  /// A scope that no block of a task is: the root of a loop (`fiber` is null) and the base of a
  /// fiber.
  CancelScope(EventLoop& loop, detail::Fiber* fiber) noexcept;

  void enclose(CancelScope& child) noexcept;

  [[nodiscard]] const CancelScope* parent() const noexcept { return parent_; }

  /// The fiber that the scope around this one belongs to; null: the loop's own.
  [[nodiscard]] detail::Fiber* parent_fiber() const noexcept {
    return parent_ == nullptr ? nullptr : parent_->fiber_;
  }

  void spread() noexcept;

  /// False when awaits in this scope throw already.
  bool take_effect() noexcept;
  static void expire(detail::Timer& timer) noexcept;

  EventLoop* loop_;
  detail::Fiber* fiber_;
  CancelScope* parent_ = nullptr;
  bool shielded_ = false;
  bool cancel_called_ = false;
  bool deadline_passed_ = false;
  bool effective_ = false;
  IntrusiveList<CancelScope, detail::ChildScopeTag> children_;
  std::string reason_;
  std::source_location cancelled_at_;
};

}  // namespace rondo
