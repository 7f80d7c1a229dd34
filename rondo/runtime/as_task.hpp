#pragma once
// What can be awaited, as a task: so that `run(sleep(1s))` and `gather(sleep(1s), f())` are what
// they are in asyncio.

#include <concepts>
#include <type_traits>
#include <utility>

#include "rondo/runtime/task.hpp"

namespace rondo::detail {

/// Awaiters that can be moved before they are awaited, as that of `sleep`; not tasks.
template <class T>
concept MovableAwaiter = !is_task<T> && std::move_constructible<T> && requires(T awaiter) {
  { awaiter.await_ready() } -> std::convertible_to<bool>;
  awaiter.await_resume();
};

/// A task is one already.
template <class T>
Task<T> as_task(Task<T> task) noexcept {
  return task;
}

template <MovableAwaiter Awaiter>
using AwaitedValue = std::remove_cvref_t<decltype(std::declval<Awaiter&>().await_resume())>;

/// A task that awaits `awaiter` and gives what that gives.
template <MovableAwaiter Awaiter>
Task<AwaitedValue<Awaiter>> as_task(Awaiter awaiter) {
  co_return co_await awaiter;
}

template <class T>
concept TaskOrAwaiter = is_task<T> || MovableAwaiter<T>;

}  // namespace rondo::detail
