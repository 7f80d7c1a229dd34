#pragma once
// What a callable that gives a task gives in the end.

#include <type_traits>

#include "rondo/runtime/task.hpp"

namespace rondo::detail {

template <class Callable, class... Arguments>
struct TaskValueOf {
  using Result = std::invoke_result_t<Callable&, Arguments...>;
  static_assert(is_task<Result>,
                "spawn takes what gives a Task, and so do with_task_group, on_exit, with, run_on "
                "and run_coroutine_threadsafe");
  using Value = typename Result::Value;
};

/// The `T` of the `Task<T>` that `callable(arguments...)` gives.
template <class Callable, class... Arguments>
using TaskValue = typename TaskValueOf<Callable, Arguments...>::Value;

}  // namespace rondo::detail
