#pragma once
// What every canary needs: a coroutine type of its own, so that a canary depends on the compiler
// alone, an owner that counts its births and deaths, and the verdict.

#include <coroutine>
#include <cstdio>
#include <exception>
#include <utility>

namespace canary {

/// Owns nothing, and counts as if it did.
struct Owner {
  static inline int born = 0;
  static inline int died = 0;

  explicit Owner(int text = 0) : value(text) { ++born; }
  Owner(const Owner& other) : value(other.value) { ++born; }
  Owner(Owner&& other) noexcept : value(other.value) { ++born; }
  Owner& operator=(const Owner&) = default;
  Owner& operator=(Owner&&) = default;
  ~Owner() { ++died; }

  int value;
};

/// The result of a coroutine, which may be an owner.
template <class T>
class Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  explicit Task(Handle handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  Handle await_suspend(std::coroutine_handle<> parent) const noexcept {
    handle_.promise().parent = parent;
    return handle_;
  }
  T await_resume() const { return result(); }

  T run() {
    handle_.resume();
    return result();
  }

 private:
  T result() const {
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    return std::move(handle_.promise().value);
  }

  Handle handle_;
};

template <class T>
struct Task<T>::promise_type {
  struct Return {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle handle) const noexcept {
      const std::coroutine_handle<> parent = handle.promise().parent;
      if (parent) return parent;
      return std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  Task get_return_object() { return Task(Handle::from_promise(*this)); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Return final_suspend() const noexcept { return {}; }
  void return_value(T result) { value = std::move(result); }
  void unhandled_exception() noexcept { error = std::current_exception(); }

  T value{};
  std::exception_ptr error;
  std::coroutine_handle<> parent;
};

inline int awaited = 0;

/// An ordinary task: notes that it ran, and gives its argument back.
inline Task<int> echo(int value) {
  ++awaited;
  co_return value;
}

inline Task<Owner> make_owner(int value) {
  ++awaited;
  co_return Owner(value);
}

/// Runs `body` and prints what the compiler made of it: `awaits` tasks were to run, and the sum of
/// what they gave was to be `result`.
inline int judge(Task<int> (*body)(), int awaits, int result) {
  const int sum = body().run();
  const char* verdict = "right";
  if (sum != result) verdict = "wrong_result";
  if (awaited > awaits) verdict = "awaited_anyway";
  if (awaited < awaits) verdict = "not_awaited";
  if (Owner::died < Owner::born) verdict = "leaked";
  if (Owner::died > Owner::born) verdict = "destroyed_twice";
  std::puts(verdict);
  return 0;
}

}  // namespace canary
