#pragma once
// The coroutine at the root of a fiber.

#include <coroutine>
#include <functional>
#include <utility>

#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::detail {

/// Gives the fiber its end: it may be destroyed in there, so nothing of the frame is touched
/// afterwards.
struct FinishFiber {
  bool await_ready() const noexcept { return false; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> ended) const noexcept {
    ended.promise().finish();
  }
  void await_resume() const noexcept {}
};

/// A counted pointer to a fiber whose result is a `T`. The frame holds the callable and the
/// arguments it was spawned with, so a lambda's captures live as long as the coroutine it made.
template <class T>
class FiberFrame {
 public:
  class promise_type final : public ResultPromise<T>, public Fiber {
   public:
    template <class... Arguments>
    explicit promise_type(EventLoop& loop, Arguments&&...) noexcept
        : ResultPromise<T>(static_cast<Fiber*>(this)), Fiber(frame(), loop) {
      this->enter(*this);
    }

    FiberFrame get_return_object() noexcept { return FiberFrame(*this); }
    FinishFiber final_suspend() const noexcept { return {}; }

    const std::exception_ptr& error() noexcept override { return this->outcome().error(); }

    T take_result() {
      if constexpr (std::is_void_v<T>) {
        this->outcome().value();
      } else {
        return std::move(this->outcome()).value();
      }
    }

   private:
    std::coroutine_handle<promise_type> frame() noexcept {
      return std::coroutine_handle<promise_type>::from_promise(*this);
    }
    void destroy() noexcept override { frame().destroy(); }
  };

  static FiberFrame of_task(EventLoop&, Task<T> task) { co_return co_await std::move(task); }

  template <class Callable, class... Arguments>
  static FiberFrame of_call(EventLoop&, Callable callable, Arguments... arguments) {
    co_return co_await std::invoke(callable, std::move(arguments)...);
  }

  FiberFrame(FiberFrame&& other) noexcept : fiber_(std::exchange(other.fiber_, nullptr)) {}
  FiberFrame& operator=(FiberFrame&& other) noexcept {
    std::swap(fiber_, other.fiber_);
    return *this;
  }
  FiberFrame(const FiberFrame& other) noexcept : fiber_(other.fiber_) {
    if (fiber_ != nullptr) fiber_->retain();
  }
  FiberFrame& operator=(const FiberFrame& other) noexcept {
    FiberFrame copy(other);
    std::swap(fiber_, copy.fiber_);
    return *this;
  }
  ~FiberFrame() {
    if (fiber_ != nullptr) fiber_->release();
  }

  promise_type& operator*() const noexcept { return *fiber_; }
  promise_type* operator->() const noexcept { return fiber_; }

 private:
  explicit FiberFrame(promise_type& fiber) noexcept : fiber_(&fiber) {}

  promise_type* fiber_;
};

}  // namespace rondo::detail
