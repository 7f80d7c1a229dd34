#pragma once
// Tasks on a loop, from a thread that has none.
//
//   std::future<int> size = rondo::run_coroutine_threadsafe(handle, fetch_size, url);

#include <concepts>
#include <exception>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include "rondo/runtime/loop_call.hpp"
#include "rondo/runtime/target_loop.hpp"
#include "rondo/runtime/task_value.hpp"

namespace rondo {

namespace detail {

template <class T>
class FutureCall final : public LoopCallFor<T> {
 public:
  FutureCall(TargetLoop target, Task<T> task)
      : LoopCallFor<T>(std::move(target), "run_coroutine_threadsafe()", std::move(task)) {}

  std::future<T> future() { return promise_.get_future(); }

 private:
  [[nodiscard]] bool may_be_cancelled() const noexcept override { return false; }

  void answer(Outcome<T> outcome) noexcept override {
    if (std::exception_ptr error = outcome.error()) {
      return promise_.set_exception(std::move(error));
    }
    try {
      if constexpr (std::is_void_v<T>) {
        promise_.set_value();
      } else {
        promise_.set_value(std::move(outcome).value());
      }
    } catch (...) {
      promise_.set_exception(std::current_exception());
    }
  }

  std::promise<T> promise_;
};

}  // namespace detail

/// Runs `callable(arguments...)`, which gives a `Task<T>`, on the loop of `target`, which is a
/// `LoopHandle`, and gives its value or exception through the future. Any thread may call it, as
/// often as it likes. Both are moved into the call; they are freed before the future is ready.
///
/// The task is one of the loop's own: when the loop closes it is cancelled and awaited, and the
/// future then throws `LoopClosedError`, as it does when the loop closes before it has begun the
/// task, or gives up on it at the shutdown time-out. So the future becomes ready in every case in
/// which the loop runs or closes. A task that ends as cancelled for another reason gives
/// `Cancelled`, which is no `std::exception`. Forgetting the future does not cancel the task.
///
/// Throws `LoopClosedError` when the loop is closed. Waiting for the future on the loop's own
/// thread waits for ever: `co_await run_on(...)`, or the task itself, is for that.
template <class Callable, class... Arguments>
  requires std::invocable<Callable&, Arguments...>
[[nodiscard]] auto run_coroutine_threadsafe(TargetLoop target, Callable callable,
                                            Arguments... arguments)
    -> std::future<detail::TaskValue<Callable, Arguments...>> {
  using T = detail::TaskValue<Callable, Arguments...>;
  auto task = detail::invoke_later<T>(std::move(callable), std::move(arguments)...);
  auto call = std::make_shared<detail::FutureCall<T>>(std::move(target), std::move(task));
  auto future = call->future();
  call->send();
  return future;
}

}  // namespace rondo
