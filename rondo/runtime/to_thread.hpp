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
  void cancel() noexcept override {}

 private:
  bool begin(std::coroutine_handle<> frame, const Promise& promise);

  std::function<void()>* work_;
  bool cancelled_ = false;
};

}  // namespace detail

/// Runs `callable(arguments...)` on a worker thread and gives its value or throws its exception. At
/// most `RunOptions::max_worker_threads` run at a time, the others wait in order. Callable and
/// arguments live in the task's frame. A thread cannot be stopped: cancelling takes effect when the
/// call has returned, or before it has begun.
template <class Callable, class... Arguments>
Task<std::invoke_result_t<Callable&, Arguments...>> to_thread(Callable callable,
                                                              Arguments... arguments) {
  using R = std::invoke_result_t<Callable&, Arguments...>;
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
  co_await detail::ThreadCall(work);
  if constexpr (std::is_void_v<R>) {
    outcome.value();
  } else {
    co_return std::move(outcome).value();
  }
}

}  // namespace rondo
