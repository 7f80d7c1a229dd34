#pragma once
// Blocking calls, off the loop's thread.
//
//   std::string text = co_await rondo::to_thread(read_file, path);

#include <coroutine>
#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/safe_in_await.hpp"
#include "rondo/runtime/suspension.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

namespace detail {

/// The awaiter of `to_thread`: runs `work` on a worker thread of the loop. Once the work has begun
/// nothing ends the wait but its end: it may use what the waiting frame owns.
class ThreadCall final : public Suspension {
 public:
  explicit ThreadCall(std::function<void()>& work) noexcept : work_(&work) {}

  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    return begin(frame, frame.promise());
  }
  void await_resume() const;
  void cancel() noexcept override;

 private:
  bool begin(std::coroutine_handle<> frame, const Promise& promise);

  std::function<void()>* work_;
  Fiber* fiber_ = nullptr;
  bool cancelled_ = false;
};

template <class R, class Callable, class... Arguments>
Task<R> run_in_thread(Callable callable, Arguments... arguments) {
  Outcome<R> outcome;
  std::function<void()> work = [&] {
    try {
      if constexpr (std::is_void_v<R>) {
        std::invoke(callable, std::move(arguments)...);
        outcome.set_value();
      } else {
        outcome.set_value(std::invoke(callable, std::move(arguments)...));
      }
    } catch (...) {
      outcome.set_error(std::current_exception());
    }
  };
  co_await ThreadCall(work);
  if constexpr (std::is_void_v<R>) {
    outcome.value();
  } else {
    co_return std::move(outcome).value();
  }
}

}  // namespace detail

/// Runs `callable(arguments...)` on a worker thread and gives its value or throws its exception. At
/// most `RunOptions::max_worker_threads` run at a time, the others wait in order. Callable and
/// arguments are moved or copied into the task's frame. Cancelling ends a call that still waits for
/// a thread; one that has begun cannot be stopped and gives its result. Throws `OsError` when there
/// is no thread and none can be started.
///
/// A closure with captures that own something must have a name, and so must an aggregate: GCC 12
/// destroys it twice otherwise. `std::ref` of it does for one that cannot be copied.
template <class Callable, class... Arguments>
auto to_thread(Callable&& callable, Arguments&&... arguments)
    -> Task<std::invoke_result_t<std::decay_t<Callable>&, std::decay_t<Arguments>...>> {
  static_assert(detail::is_safe_in_await<Callable> && (... && detail::is_safe_in_await<Arguments>),
                "give this lambda or aggregate a name first, or capture by reference: GCC 12 "
                "destroys it twice in an awaiting expression");
  using R = std::invoke_result_t<std::decay_t<Callable>&, std::decay_t<Arguments>...>;
  return detail::run_in_thread<R, std::decay_t<Callable>, std::decay_t<Arguments>...>(
      std::forward<Callable>(callable), std::forward<Arguments>(arguments)...);
}

}  // namespace rondo
