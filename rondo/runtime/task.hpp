#pragma once
// `Task<T>`, the one coroutine type users write.
//
//   rondo::Task<std::string> greet(std::string name) { co_return "hello, " + name; }
//   rondo::Task<> amain() { std::cout << co_await greet("world") << '\n'; }

#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/outcome.hpp"
#include "rondo/runtime/promise.hpp"

namespace rondo {

template <class T = void>
class Task;

namespace detail {

/// Throws the `std::logic_error` for a task that cannot be awaited.
[[noreturn]] void refuse_to_await(bool was_started);

/// Destroys the frame of a task, and reports one that never ran.
class NeverAwaited {
 public:
  /// The frame of a task of `origin` is about to be destroyed.
  explicit NeverAwaited(std::source_location origin) noexcept;
  /// It has been.
  ~NeverAwaited();
  NeverAwaited(const NeverAwaited&) = delete;
  NeverAwaited& operator=(const NeverAwaited&) = delete;

 private:
  std::source_location origin_;
  std::size_t reported_before_;
};

/// While it exists, nothing that this thread destroys is reported.
class DiscardedOnPurpose {
 public:
  DiscardedOnPurpose() noexcept;
  ~DiscardedOnPurpose();
  DiscardedOnPurpose(const DiscardedOnPurpose&) = delete;
  DiscardedOnPurpose& operator=(const DiscardedOnPurpose&) = delete;
};

/// Continues the parent by symmetric transfer: a chain of tasks that end at once uses no stack.
struct ContinueParent {
  bool await_ready() const noexcept { return false; }
  template <class P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> ended) const noexcept {
    Promise& promise = ended.promise();
    promise.fiber()->enter(*promise.parent());
    return promise.continuation();
  }
  void await_resume() const noexcept {}
};

template <class T>
class ResultPromise : public Promise {
 public:
  void unhandled_exception() noexcept { outcome_.set_error(std::current_exception()); }

  template <class U = T>  // the default makes `co_return {a, b}` work
    requires std::is_convertible_v<U&&, T>
  void return_value(U&& value) {
    outcome_.set_value(std::forward<U>(value));
  }

  Outcome<T>& outcome() noexcept { return outcome_; }

 protected:
  using Promise::Promise;

 private:
  Outcome<T> outcome_;
};

template <>
class ResultPromise<void> : public Promise {
 public:
  void unhandled_exception() noexcept { outcome_.set_error(std::current_exception()); }
  void return_void() noexcept { outcome_.set_value(); }

  Outcome<void>& outcome() noexcept { return outcome_; }

 protected:
  using Promise::Promise;

 private:
  Outcome<void> outcome_;
};

template <class T>
class TaskPromise : public ResultPromise<T> {
 public:
  Task<T> get_return_object(std::source_location origin = std::source_location::current()) noexcept;
  ContinueParent final_suspend() const noexcept { return {}; }
};

}  // namespace detail

/// A computation that starts when it is awaited and gives a `T`, or throws. Lazy, move-only.
///
/// Ownership: a task owns its frame; arguments passed by value live in the frame, arguments passed
/// by reference must outlive it. A task is awaited once, as an rvalue: `co_await f()` or `co_await
/// std::move(task)`. Cancellation: asked of the task's fiber (see `CancelScope`); the innermost
/// await throws `Cancelled`. Threads: a task runs on the loop whose fiber awaits it; before that it
/// may be moved between threads.
template <class T>
class [[nodiscard("a task does nothing until it is awaited")]] Task {
  static_assert(!std::is_reference_v<T>, "return a pointer or a std::reference_wrapper");

 public:
  using promise_type = detail::TaskPromise<T>;
  using Value = T;

  Task() noexcept = default;
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Task() {
    if (frame_) destroy();
  }

  /// Destroys a task that will not be awaited after all. Without this, it is reported as forgotten.
  void discard() noexcept {
    const detail::DiscardedOnPurpose quiet;
    Task discarded = std::move(*this);
  }

  /// False after the task was moved from.
  [[nodiscard]] bool valid() const noexcept { return static_cast<bool>(frame_); }

  class Awaiter {
   public:
    explicit Awaiter(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
    bool await_ready() const noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> parent) const noexcept {
      detail::Promise& promise = frame_.promise();
      promise.begin(parent.promise(), parent);
      promise.fiber()->enter(promise);
      return frame_;
    }
    T await_resume() const {
      if constexpr (std::is_void_v<T>) {
        frame_.promise().outcome().value();
      } else {
        return std::move(frame_.promise().outcome()).value();
      }
    }

   private:
    std::coroutine_handle<promise_type> frame_;
  };

  /// Throws `std::logic_error` for a task that was moved from, or that was awaited before.
  Awaiter operator co_await() && {
    if (!frame_ || frame_.promise().fiber() != nullptr) detail::refuse_to_await(valid());
    return Awaiter(frame_);
  }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}

  void destroy() noexcept {
    const detail::Promise& promise = frame_.promise();
    if (promise.fiber() != nullptr) return frame_.destroy();
    const detail::NeverAwaited report(promise.await_site());
    frame_.destroy();
  }

  std::coroutine_handle<promise_type> frame_;
};

template <class T>
Task<T> detail::TaskPromise<T>::get_return_object(std::source_location origin) noexcept {
  this->set_origin(origin);
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

namespace detail {

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<Task<T>> = true;

}  // namespace detail

}  // namespace rondo

/// Coroutines that give a `Task`. What a parameter `T&&` refers to is mostly a temporary, and gone
/// before the task is awaited or spawned: no such coroutine compiles.
template <class T, class... Parameters>
struct std::coroutine_traits<rondo::Task<T>, Parameters...> {
  static_assert((!std::is_rvalue_reference_v<Parameters> && ...),
                "take the parameter by value: a task outlives the temporary that T&& refers to");
  using promise_type = typename rondo::Task<T>::promise_type;
};
