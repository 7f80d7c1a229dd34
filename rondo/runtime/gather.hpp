#pragma once
// Several tasks at once, results in order.
//
//   auto [a, b] = co_await rondo::gather(fetch(session, x), fetch(session, y));
//   std::vector<std::string> pages = co_await rondo::gather(std::move(tasks));

#include <cstddef>
#include <exception>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "rondo/runtime/as_task.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber_frame.hpp"
#include "rondo/runtime/join_counter.hpp"
#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

/// Tag: `gather(return_exceptions, ...)` gives an `Outcome` for each task instead of throwing.
struct ReturnExceptions {};
inline constexpr ReturnExceptions return_exceptions;

namespace detail {

/// The children of one `gather`. They run in the scope the caller is in.
class GatherGroup final : private FiberObserver {
 public:
  /// `throws`: the caller wants values, and a failure takes their place.
  explicit GatherGroup(bool throws);

  /// Makes a child that has not started yet: starting cannot fail, making can.
  template <class T>
  FiberFrame<T> make(Task<T> task) {
    return FiberFrame<T>::of_task(loop_, std::move(task));
  }

  void start(Fiber& fiber) noexcept;

  JoinCounter& all_ended() noexcept { return children_; }

  /// All have ended: whether the caller gets an error instead of their outcomes.
  [[nodiscard]] bool has_error() const noexcept;

  /// Logs the failure of a child that the error does not tell of.
  void report_lost(Fiber& fiber) const noexcept;

  /// Throws that error: the failure that happened first, if the group throws, otherwise
  /// `Cancelled`, if the caller's cancellation ended a child.
  void rethrow() const;

 private:
  void on_fiber_end(Fiber& fiber) noexcept override;

  EventLoop& loop_;
  ScopeNode& scope_;
  JoinCounter children_;
  bool throws_;
  std::exception_ptr first_failure_;
  bool has_cancelled_ = false;
  bool passes_cancellation_on_ = false;
};

template <class Frame>
auto take_outcome(Frame& frame) {
  return std::move(frame->outcome());
}

template <class... T>
Task<std::tuple<Outcome<T>...>> gather_outcomes(bool throws, Task<T>... tasks) {
  GatherGroup group(throws);
  std::tuple<FiberFrame<T>...> frames{group.make(std::move(tasks))...};
  std::apply([&](auto&... frame) { (group.start(*frame), ...); }, frames);
  co_await group.all_ended();
  if (group.has_error()) {
    std::apply([&](auto&... frame) { (group.report_lost(*frame), ...); }, frames);
    group.rethrow();
  }
  co_return std::apply([](auto&... frame) { return std::tuple{take_outcome(frame)...}; }, frames);
}

template <class T>
Task<std::vector<Outcome<T>>> gather_outcomes(bool throws, std::vector<Task<T>> tasks) {
  GatherGroup group(throws);
  std::vector<FiberFrame<T>> frames;
  frames.reserve(tasks.size());
  for (auto& task : tasks) frames.push_back(group.make(std::move(task)));
  for (auto& frame : frames) group.start(*frame);
  co_await group.all_ended();
  if (group.has_error()) {
    for (auto& frame : frames) group.report_lost(*frame);
    group.rethrow();
  }
  std::vector<Outcome<T>> outcomes;
  outcomes.reserve(frames.size());
  for (auto& frame : frames) outcomes.push_back(take_outcome(frame));
  co_return outcomes;
}

template <class T>
Task<std::vector<T>> gather_values(std::vector<Task<T>> tasks) {
  auto outcomes = co_await gather_outcomes(true, std::move(tasks));
  std::vector<T> values;
  values.reserve(outcomes.size());
  for (auto& outcome : outcomes) values.push_back(std::move(outcome).value());
  co_return values;
}

}  // namespace detail

/// Runs the tasks side by side and gives their values as a tuple (`std::monostate` for `Task<>`). A
/// failure leaves the others running to their end; then the one that happened first is thrown, and
/// the others go to the log. A cancellation reaches all of them, and is thrown unless one has
/// failed.
template <class... T>
Task<std::tuple<typename Outcome<T>::Value...>> gather(Task<T>... tasks) {
  auto outcomes = co_await detail::gather_outcomes(true, std::move(tasks)...);
  co_return std::apply(
      [](auto&... outcome) {
        return std::tuple<typename Outcome<T>::Value...>{std::move(outcome).value()...};
      },
      outcomes);
}

/// The same where not all of them are tasks: `gather(sleep(1s), f())`.
template <detail::TaskOrAwaiter... Awaited>
  requires(detail::MovableAwaiter<Awaited> || ...)
auto gather(Awaited... awaited) {
  return gather(detail::as_task(std::move(awaited))...);
}

/// The same for any number of tasks; values in the order of the vector.
template <class T>
  requires(!std::is_void_v<T>)
Task<std::vector<T>> gather(std::vector<Task<T>> tasks) {
  return detail::gather_values(std::move(tasks));
}

inline Task<> gather(std::vector<Task<>> tasks) {
  co_await detail::gather_outcomes(true, std::move(tasks));
}

/// Runs the tasks side by side and gives how each of them ended. Throws only `Cancelled`, when the
/// caller was cancelled; what failed is then in the log.
template <class... T>
Task<std::tuple<Outcome<T>...>> gather(ReturnExceptions, Task<T>... tasks) {
  return detail::gather_outcomes(false, std::move(tasks)...);
}

template <class T>
Task<std::vector<Outcome<T>>> gather(ReturnExceptions, std::vector<Task<T>> tasks) {
  return detail::gather_outcomes(false, std::move(tasks));
}

}  // namespace rondo
