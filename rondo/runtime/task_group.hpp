#pragma once
// Task groups: the only way to start a task beside the current one.
//
//   co_await rondo::with_task_group([&](rondo::TaskGroup& group) -> rondo::Task<> {
//     for (const auto& url : urls) group.spawn(fetch, std::ref(session), url);
//     co_return;
//   });   // all of them have ended here

#include <concepts>
#include <exception>
#include <functional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "rondo/runtime/as_task.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/cleanup.hpp"
#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/fiber_frame.hpp"
#include "rondo/runtime/join_counter.hpp"
#include "rondo/runtime/safe_in_await.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_handle.hpp"
#include "rondo/runtime/task_name.hpp"
#include "rondo/runtime/task_value.hpp"

namespace rondo {

namespace detail {

template <class R, class Body>
Task<R> run_task_group(Body body);

}  // namespace detail

/// The children of one `with_task_group` call. The first that fails cancels the others, and the
/// body; all are awaited; then the failures come out: one as it is, several as an `ExceptionGroup`.
/// A child that ends with `Cancelled` has not failed. Groups nest. Loop thread only: `spawn` throws
/// `WrongLoopError` under another loop.
class TaskGroup final : private detail::FiberObserver {
 public:
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `callable(arguments...)`, which gives a `Task<T>`, beside the caller, at the loop's
  /// next turn; gives a `TaskHandle<T>`. Both are moved into the child's frame and live as long as
  /// it; pass `std::ref` for what outlives the group. Any number of arguments: what follows a pack
  /// cannot have a default, so those that know the caller's place, `where`, are written out.
  template <class Callable>
    requires std::invocable<Callable&>
  auto spawn(Callable callable, std::source_location where = std::source_location::current()) {
    return start_call(where, callable);
  }
  template <class Callable, class A>
    requires std::invocable<Callable&, A>
  auto spawn(Callable callable, A a, std::source_location where = std::source_location::current()) {
    return start_call(where, callable, a);
  }
  template <class Callable, class A, class B>
    requires std::invocable<Callable&, A, B>
  auto spawn(Callable callable, A a, B b,
             std::source_location where = std::source_location::current()) {
    return start_call(where, callable, a, b);
  }
  template <class Callable, class A, class B, class C>
    requires std::invocable<Callable&, A, B, C>
  auto spawn(Callable callable, A a, B b, C c,
             std::source_location where = std::source_location::current()) {
    return start_call(where, callable, a, b, c);
  }
  template <class Callable, class A, class B, class C, class D>
    requires std::invocable<Callable&, A, B, C, D>
  auto spawn(Callable callable, A a, B b, C c, D d,
             std::source_location where = std::source_location::current()) {
    return start_call(where, callable, a, b, c, d);
  }

  /// With more arguments, reports name the place that the running task has come from.
  template <class Callable, class... Arguments>
    requires(sizeof...(Arguments) > 4 && std::invocable<Callable&, Arguments...>)
  auto spawn(Callable callable, Arguments... arguments) {
    return start_call(here(), callable, arguments...);
  }

  /// The same, with a name for reports, the task tree and the texts of `ExceptionGroup`:
  /// `group.spawn_named("feed", read_feed, std::ref(session))`.
  template <class Callable, class... Arguments>
    requires std::invocable<Callable&, Arguments...>
  auto spawn_named(const TaskName& name, Callable callable, Arguments... arguments) {
    auto handle = start_call(name.where(), callable, arguments...);
    handle.set_name(name.text());
    return handle;
  }

  /// Starts `task` beside the caller.
  template <class T>
  TaskHandle<T> spawn(Task<T> task, std::source_location where = std::source_location::current()) {
    return start<T>(detail::FiberFrame<T>::of_task(loop(), std::move(task)), where);
  }
  template <detail::MovableAwaiter Awaiter>
  auto spawn(Awaiter awaiter, std::source_location where = std::source_location::current()) {
    return spawn(detail::as_task(std::move(awaiter)), where);
  }

  /// Asks the body and all children to end. That is no failure: `with_task_group` then returns.
  /// Throws `WrongThreadError` on another thread.
  void cancel(std::string reason = {},
              std::source_location where = std::source_location::current()) {
    scope_.cancel(std::move(reason), where);
  }

  /// Has `callable()`, a `Task<>`, awaited on the way out of the group, whichever it is: return,
  /// exception, or cancellation. Clean-ups run when all children have ended, the last one given
  /// first, each out of reach of every cancellation and for at most `limit`: then it is cancelled,
  /// and `TimeoutError` names the place `where`. At the end of a run the shutdown time-out ends it
  /// as well. What a clean-up throws is a failure of the group, beside the others; the next ones
  /// run all the same. A clean-up may add another, and may spawn: those children are awaited before
  /// the next one.
  ///
  /// The callable is moved into the group. The body has ended by then: capture what was local to it
  /// by value. Throws as `spawn` does.
  template <class Callable>
    requires std::invocable<Callable&>
  void on_exit(Callable callable, Clock::duration limit = kCleanupTimeout,
               std::source_location where = std::source_location::current()) {
    static_assert(std::is_void_v<detail::TaskValue<Callable>>, "on_exit takes what gives a Task<>");
    add_cleanup(call(std::move(callable)), limit, where);
  }

  /// How many children have not ended yet.
  [[nodiscard]] std::size_t live() const noexcept { return children_.live(); }

 private:
  template <class R, class Body>
  friend Task<R> detail::run_task_group(Body body);

  TaskGroup();

  /// The place that the running task has come from.
  [[nodiscard]] std::source_location here() const noexcept;

  /// The group's loop. Throws `WrongLoopError` under another one, `NoRunningLoopError` under none.
  [[nodiscard]] EventLoop& loop() const;

  template <class T>
  TaskHandle<T> start(detail::FiberFrame<T> frame, std::source_location where) {
    adopt(*frame, where);
    return TaskHandle<T>(std::move(frame));
  }

  /// Moves `callable` and `arguments` into the child's frame.
  template <class Callable, class... Arguments>
  auto start_call(std::source_location where, Callable& callable, Arguments&... arguments) {
    using T = detail::TaskValue<Callable, Arguments...>;
    return start<T>(
        detail::FiberFrame<T>::of_call(loop(), std::move(callable), std::move(arguments)...),
        where);
  }

  template <class Callable>
  static Task<> call(Callable callable) {
    co_await std::invoke(callable);
  }

  void add_cleanup(Task<> task, Clock::duration limit, std::source_location where);
  Task<> perform_last_cleanup();

  void adopt(detail::Fiber& fiber, std::source_location where);
  void on_fiber_end(detail::Fiber& fiber) noexcept override;

  /// Takes the exception that left the body.
  void body_failed(std::exception_ptr error) noexcept;

  /// All children and clean-ups have ended: throws what there is to throw.
  void rethrow_failures() const;

  EventLoop& loop_;
  CancelScope scope_;
  detail::JoinCounter children_;
  std::vector<detail::Cleanup> cleanups_;
  std::vector<detail::Failure> failures_;
  bool passes_cancellation_on_ = false;
};

namespace detail {

template <class R, class Body>
Task<R> run_task_group(Body body) {
  TaskGroup group;
  Outcome<R> result;
  try {
    if constexpr (std::is_void_v<R>) {
      co_await std::invoke(body, group);
    } else {
      result.set_value(co_await std::invoke(body, group));
    }
  } catch (...) {
    group.body_failed(std::current_exception());
  }
  // Between the end of the last child and this line somebody may have spawned another one.
  while (group.live() > 0) co_await group.children_;
  while (!group.cleanups_.empty()) {
    co_await group.perform_last_cleanup();
    while (group.live() > 0) co_await group.children_;
  }
  group.rethrow_failures();
  if constexpr (!std::is_void_v<R>) {
    if (!result.has_ended()) throw Cancelled();
    co_return std::move(result).value();
  }
}

}  // namespace detail

/// Runs `body(group)`, a task, and awaits it and everything it spawned into the group, whichever
/// way it ends. Gives what the body gives. A cancellation from outside reaches body and children
/// alike; if it ended any of them, `Cancelled` travels on.
///
/// A closure with captures that own something must have a name: GCC 12 destroys it twice otherwise.
template <class Body>
auto with_task_group(Body&& body) -> Task<detail::TaskValue<std::decay_t<Body>, TaskGroup&>> {
  static_assert(detail::is_safe_in_await<Body>,
                "give this lambda a name first, or capture by reference: GCC 12 destroys owning "
                "captures in an awaiting expression twice");
  using R = detail::TaskValue<std::decay_t<Body>, TaskGroup&>;
  return detail::run_task_group<R, std::decay_t<Body>>(std::forward<Body>(body));
}

}  // namespace rondo
