#pragma once
// What every coroutine of Rondo has in its frame: its fiber, who awaits it, and the place it awaits
// at.

#include <coroutine>
#include <cstddef>
#include <source_location>
#include <type_traits>
#include <utility>

#include "rondo/runtime/frame_pool.hpp"

namespace rondo {
template <class T>
class Task;
}

namespace rondo::detail {

class Fiber;

/// Awaits another awaiter where it is. GCC 12 copies an awaiter that `await_transform` gives as a
/// reference; this may be copied, what it refers to may not: its address is where the kernel writes
/// to.
template <class Awaiter>
struct AwaiterReference {
  Awaiter& awaiter;

  bool await_ready() const { return awaiter.await_ready(); }
  template <class P>
  auto await_suspend(std::coroutine_handle<P> frame) const {
    return awaiter.await_suspend(frame);
  }
  decltype(auto) await_resume() const { return awaiter.await_resume(); }
};

/// Base of all promises. The chain of `parent()` from a fiber's innermost promise is its async
/// stack, with `await_site()` as the place in each frame.
class Promise {
 public:
  static void* operator new(std::size_t size) { return allocate_frame(size); }
  static void operator delete(void* frame, std::size_t size) noexcept {
    release_frame(frame, size);
  }

  /// Notes the place of the `co_await`, and stands in for the awaiter.
  template <class Awaiter>
  AwaiterReference<std::remove_reference_t<Awaiter>> await_transform(
      Awaiter&& awaiter, std::source_location site = std::source_location::current()) noexcept {
    await_site_ = site;
    return {awaiter};
  }

  template <class T>
  auto await_transform(Task<T>&& task,
                       std::source_location site = std::source_location::current()) {
    await_site_ = site;
    return std::move(task).operator co_await();
  }

  /// Refuses a task that is not given away.
  template <class T>
  void await_transform(Task<T>& task) {
    refuse_lvalue(task);
  }
  template <class T>
  void await_transform(const Task<T>& task) {
    refuse_lvalue(task);
  }

  std::suspend_always initial_suspend() const noexcept { return {}; }

  [[nodiscard]] Fiber* fiber() const noexcept { return fiber_; }
  [[nodiscard]] const Promise* parent() const noexcept { return parent_; }

  /// Where the coroutine awaits; before its first await, the coroutine itself.
  [[nodiscard]] const std::source_location& await_site() const noexcept { return await_site_; }
  [[nodiscard]] std::coroutine_handle<> continuation() const noexcept { return continuation_; }

  /// Makes this coroutine a child of `parent`, which continues when it is done.
  void begin(Promise& parent, std::coroutine_handle<> continuation) noexcept {
    fiber_ = parent.fiber_;
    parent_ = &parent;
    continuation_ = continuation;
  }

 protected:
  Promise() noexcept = default;
  explicit Promise(Fiber* fiber) noexcept : fiber_(fiber) {}

  void set_origin(std::source_location coroutine) noexcept { await_site_ = coroutine; }

 private:
  template <class T>
  static void refuse_lvalue(const Task<T>&) {
    static_assert(sizeof(Task<T>) == 0, "a task is awaited as an rvalue: co_await std::move(task)");
  }

  Fiber* fiber_ = nullptr;
  Promise* parent_ = nullptr;
  std::coroutine_handle<> continuation_;
  std::source_location await_site_;
};

}  // namespace rondo::detail
