#pragma once
// Waiting for the first, the first failure, or all of several tasks.
//
//   auto [done, pending] = co_await rondo::wait(handles, rondo::ReturnWhen::first_completed, 5s);

#include <concepts>
#include <cstdint>
#include <optional>
#include <ranges>
#include <source_location>
#include <utility>
#include <vector>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/end_watch.hpp"
#include "rondo/runtime/scoped_children.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_handle.hpp"

namespace rondo {

/// When `wait` returns, if its time limit does not pass before.
enum class ReturnWhen : std::uint8_t {
  first_completed,  // one has ended, however
  first_exception,  // one has failed, or all have ended; being cancelled is no failure
  all_completed,    // all have ended
};

/// What `wait` gives: each task in one of the two, in the order they were given in.
template <class T>
struct WaitResult {
  std::vector<TaskHandle<T>> done;
  std::vector<TaskHandle<T>> pending;
};

namespace detail {

template <class T>
inline constexpr bool is_task_handle = false;
template <class T>
inline constexpr bool is_task_handle<TaskHandle<T>> = true;

/// Waits as `when` says, `limit` at most. Throws nothing but a `Cancelled` from outside.
Task<> wait_for_ends(EndWatch& watch, ReturnWhen when, std::optional<Clock::duration> limit);

template <class T>
WaitResult<T> sort_by_end(std::vector<TaskHandle<T>> handles) {
  WaitResult<T> result;
  for (auto& handle : handles) {
    auto& side = handle.done() ? result.done : result.pending;
    side.push_back(std::move(handle));
  }
  return result;
}

template <class T>
Task<WaitResult<T>> wait_for_handles(std::vector<TaskHandle<T>> handles, ReturnWhen when,
                                     std::optional<Clock::duration> limit) {
  for (const auto& handle : handles) handle.fiber().require_home("wait()");
  EndWatch watch(handles.size());
  for (const auto& handle : handles) watch.add(handle.fiber());
  co_await wait_for_ends(watch, when, limit);
  WaitResult<T> result = sort_by_end(std::move(handles));
  co_return result;
}

template <class T>
Task<WaitResult<T>> wait_for_tasks(std::vector<Task<T>> tasks, ReturnWhen when,
                                   std::optional<Clock::duration> limit,
                                   std::source_location where) {
  ScopedChildren children;
  const auto frames = children.make(std::move(tasks));
  EndWatch watch(frames.size());
  for (const auto& frame : frames) watch.add(*frame);
  for (const auto& frame : frames) children.start(*frame, where);
  Outcome<WaitResult<T>> outcome;
  try {
    co_await wait_for_ends(watch, when, limit);
    outcome.set_value(sort_by_end(std::vector<TaskHandle<T>>(frames.begin(), frames.end())));
  } catch (...) {
    outcome.set_error(std::current_exception());
  }
  children.cancel("wait() has returned", where);
  co_await children.all_ended();
  for (const auto& frame : frames) {
    if (!outcome.ok()) children.report(*frame);
  }
  co_return std::move(outcome).value();
}

}  // namespace detail

/// Waits for tasks that run in a group already, until what `when` says or for `limit`, which is no
/// error. Nothing happens to those that are pending then: they belong to their group. Failures are
/// not thrown, they are in the handles; but one that cancels the group cancels a wait inside it.
/// Cancelling ends the wait alone. Of no handles it ends at once. Throws `WrongLoopError` under
/// another loop than that of the tasks, and `LoopClosedError` after its end.
template <std::ranges::input_range Handles>
  requires detail::is_task_handle<std::ranges::range_value_t<Handles>>
auto wait(Handles&& handles, ReturnWhen when = ReturnWhen::all_completed,
          std::optional<Clock::duration> limit = {}) {
  std::vector<std::ranges::range_value_t<Handles>> all;
  if constexpr (std::ranges::sized_range<Handles>) all.reserve(std::ranges::size(handles));
  for (auto&& handle : handles) all.push_back(handle);
  return detail::wait_for_handles(std::move(all), when, limit);
}

/// Runs the tasks side by side in a scope of their own, until what `when` says or for `limit`,
/// which is no error. Those that are pending then are cancelled, and awaited: when `wait` returns,
/// all have ended. Failures cancel nobody and are not thrown, they are in the handles. Cancelling
/// reaches all tasks, and is thrown when they have ended.
template <class T>
Task<WaitResult<T>> wait(std::vector<Task<T>> tasks, ReturnWhen when = ReturnWhen::all_completed,
                         std::optional<Clock::duration> limit = {},
                         std::source_location where = std::source_location::current()) {
  return detail::wait_for_tasks(std::move(tasks), when, limit, where);
}

}  // namespace rondo
