#pragma once
// Tasks on another loop, from a task.
//
//   int size = co_await rondo::run_on(handle, fetch_size, url);

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_call.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/safe_in_await.hpp"
#include "rondo/runtime/suspension.hpp"
#include "rondo/runtime/target_loop.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_value.hpp"

namespace rondo {

namespace detail {

/// The awaiter of `run_on`: sends the call, and waits until its answer is back. The caller's loop
/// only.
class CallReturn final : public Suspension {
 public:
  explicit CallReturn(LoopCall& call) noexcept : call_(&call) {}

  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    return begin(frame, frame.promise());
  }
  void await_resume() const;
  void cancel() noexcept override;

  /// The answer is here.
  void arrive() noexcept;

 private:
  bool begin(std::coroutine_handle<> frame, const Promise& promise);

  LoopCall* call_;
  Fiber* fiber_ = nullptr;
  bool cancelled_ = false;
};

/// Says on `loop`, which has run the task, what nobody else can hear any more; `error` may be null.
void log_lost_error(const LoopReference& loop, const std::exception_ptr& error) noexcept;

template <class T>
class AwaitedCall final : public LoopCallFor<T> {
 public:
  AwaitedCall(TargetLoop target, LoopHandle home, Task<T> task)
      : LoopCallFor<T>(std::move(target), "run_on()", std::move(task)), home_(std::move(home)) {}

  CallReturn& returned() noexcept { return returned_; }
  Outcome<T> take_outcome() { return std::move(*outcome_); }

 private:
  [[nodiscard]] bool may_be_cancelled() const noexcept override { return true; }

  void answer(Outcome<T> outcome) noexcept override {
    const auto self = std::static_pointer_cast<AwaitedCall>(this->shared_from_this());
    outcome_.emplace(std::move(outcome));
    try {
      home_.call_soon_threadsafe([self] { self->returned_.arrive(); });
    } catch (const LoopClosedError&) {
      log_lost_error(this->loop(), outcome_->error());
    }
  }

  LoopHandle home_;
  std::optional<Outcome<T>> outcome_;
  CallReturn returned_{*this};
};

template <class T, class Callable, class... Arguments>
Task<T> run_on_loop(TargetLoop target, Callable callable, Arguments... arguments) {
  auto task = invoke_later<T>(std::move(callable), std::move(arguments)...);
  const auto call = std::make_shared<AwaitedCall<T>>(std::move(target), get_running_loop().handle(),
                                                     std::move(task));
  co_await call->returned();
  Outcome<T> outcome = call->take_outcome();
  if constexpr (std::is_void_v<T>) {
    outcome.value();
  } else {
    co_return std::move(outcome).value();
  }
}

}  // namespace detail

/// Runs `callable(arguments...)`, which gives a `Task<T>`, on the loop of `target`, which is a
/// `LoopHandle`, and gives its value or throws its exception here. The caller's loop goes on
/// meanwhile. Callable and arguments are moved or copied over, and freed on the other loop before
/// the caller goes on; `std::ref` of what the caller owns is safe, as the caller always waits, but
/// nobody else may use it meanwhile.
///
/// Cancelling takes back a task that has not begun; one that has is cancelled and its end awaited.
/// When the other loop closes first, its task is cancelled as all are there, and this throws
/// `LoopClosedError`, as it does when that loop is closed already. When the caller's own loop gives
/// up on it at the shutdown time-out, the task on the other loop, which was cancelled, goes on to
/// its end; an error of it goes to that loop's log. Throws `InvalidStateError` for another loop of
/// the same thread, which cannot run until this one has ended.
///
/// A closure with captures that own something must have a name, and so must an aggregate: GCC 12
/// destroys it twice otherwise.
template <class Callable, class... Arguments>
  requires std::invocable<std::decay_t<Callable>&, std::decay_t<Arguments>...>
auto run_on(TargetLoop target, Callable&& callable, Arguments&&... arguments)
    -> Task<detail::TaskValue<std::decay_t<Callable>, std::decay_t<Arguments>...>> {
  static_assert(detail::is_safe_in_await<Callable> && (... && detail::is_safe_in_await<Arguments>),
                "give this lambda or aggregate a name first, or capture by reference: GCC 12 "
                "destroys it twice in an awaiting expression");
  using T = detail::TaskValue<std::decay_t<Callable>, std::decay_t<Arguments>...>;
  return detail::run_on_loop<T, std::decay_t<Callable>, std::decay_t<Arguments>...>(
      std::move(target), std::forward<Callable>(callable), std::forward<Arguments>(arguments)...);
}

}  // namespace rondo
