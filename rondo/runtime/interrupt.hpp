#pragma once
// Ctrl-C as a cancellation (docs/design.md §5, L9).

#include "rondo/runtime/operation.hpp"

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

class Fiber;

/// While it exists, the first SIGINT cancels `main` and the second ends the process. One at a time
/// in a process.
class InterruptGuard final : private Operation {
 public:
  InterruptGuard(EventLoop& loop, Fiber& main);
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// Whether this is the main thread, nobody else has a guard, and SIGINT has its default action.
  [[nodiscard]] static bool is_possible_here() noexcept;

  [[nodiscard]] bool was_interrupted() const noexcept { return interrupted_; }

 private:
  void on_signal() noexcept;

  EventLoop& loop_;
  Fiber& main_;
  bool interrupted_ = false;
};

}  // namespace rondo::detail
