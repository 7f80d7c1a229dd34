#pragma once
// What other threads may hold of a loop.

#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>

#include "rondo/runtime/running_loop.hpp"

namespace rondo {

namespace detail {
class Fiber;
}  // namespace detail

/// What an object of a loop keeps of it: outlives the loop, and answers afterwards with
/// `LoopClosedError` instead of touching the dead. Any thread may copy and use it.
class LoopReference {
 public:
  /// Runs `callback` in the loop's thread, in its next turn. Throws `LoopClosedError` when the loop
  /// is closed; a callback that was accepted is either run or, if the loop closes first, destroyed.
  void call_soon_threadsafe(std::function<void()> callback) const;

  [[nodiscard]] bool is_closed() const noexcept;

  /// Where the loop was made.
  [[nodiscard]] const std::source_location& created_at() const noexcept;

  /// Tells loops apart, also when a later one has the address of an earlier one.
  [[nodiscard]] std::uint64_t generation() const noexcept;

  /// Throws unless the caller runs on this loop: `LoopClosedError`, `WrongThreadError`, or
  /// `WrongLoopError`. `object`, which was made at `created_at`, is what belongs to the loop.
  void require_running(std::string_view object, const std::source_location& created_at) const {
    if (get_running() == nullptr) refuse_running(object, created_at);
  }

  /// Throws `WrongThreadError` on another thread than the loop's: what does not wait. After the
  /// loop's end any thread will do. `function` is what was called.
  void require_thread(const char* function) const;

  /// The loop while it is open and the caller is on its thread, otherwise null.
  [[nodiscard]] EventLoop* get() const noexcept;

  /// The loop while it runs on the caller's thread, otherwise null: what an object of the loop asks
  /// before each use of it.
  [[nodiscard]] EventLoop* get_running() const noexcept {
    // A loop that runs on this thread is open, and is this thread's.
    return control_.get() == detail::control_of_thread ? detail::loop_of_thread : nullptr;
  }

  /// Throws the reason why `get_running` is null: `LoopClosedError`, `WrongThreadError`,
  /// `WrongLoopError` or `NoRunningLoopError`. `function` is what was called, `object` what belongs
  /// to the loop, as in "the connection to 127.0.0.1:80".
  [[noreturn]] void refuse(std::string_view function, const std::string& object) const;

 private:
  friend class EventLoop;
  friend class LoopHandle;
  friend class detail::Fiber;
  explicit LoopReference(std::shared_ptr<detail::LoopControl> control) noexcept
      : control_(std::move(control)) {}

  /// Uncounted, for what does not outlive the loop.
  static LoopReference borrow(const std::shared_ptr<detail::LoopControl>& control) noexcept {
    return LoopReference({std::shared_ptr<void>(), control.get()});
  }

  [[noreturn]] void refuse_running(std::string_view object,
                                   const std::source_location& created_at) const;

  std::shared_ptr<detail::LoopControl> control_;
};

/// What another thread, or a signal handler's other end, holds of a loop: the same, and while it
/// exists, the loop may be woken through it. A loop with nothing else to wait for is then no
/// deadlock (`DeadlockError`).
class LoopHandle : public LoopReference {
 public:
  LoopHandle(const LoopHandle& other) noexcept : LoopHandle(other.control_) {}
  LoopHandle(LoopHandle&& other) noexcept : LoopHandle(other.control_) {}
  LoopHandle& operator=(const LoopHandle& other) noexcept;
  ~LoopHandle();

 private:
  friend class EventLoop;
  explicit LoopHandle(std::shared_ptr<detail::LoopControl> control) noexcept;
};

}  // namespace rondo
