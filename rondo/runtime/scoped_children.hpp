#pragma once
// Children whose failures are kept: those of `wait` and `as_completed`.

#include <source_location>
#include <utility>
#include <vector>

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/fiber_frame.hpp"
#include "rondo/runtime/join_counter.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::detail {

/// Tasks that run in a scope of their own. A failure of one is none of the others. Whoever makes
/// one ends it, on every way out, with `cancel` and an await of `all_ended`.
class ScopedChildren final : private FiberObserver {
 public:
  ScopedChildren();

  /// Makes children that have not started yet: starting cannot fail, making can.
  template <class T>
  std::vector<FiberFrame<T>> make(std::vector<Task<T>> tasks) {
    std::vector<FiberFrame<T>> frames;
    frames.reserve(tasks.size());
    for (auto& task : tasks) frames.push_back(FiberFrame<T>::of_task(loop_, std::move(task)));
    return frames;
  }

  void start(Fiber& fiber, std::source_location where) noexcept;

  /// Asks those that still run to end.
  void cancel(const char* reason, std::source_location where) noexcept;

  [[nodiscard]] JoinCounter& all_ended() noexcept { return live_; }

  /// Logs the error of a child that nobody can ask for it any more.
  void report(Fiber& fiber) const noexcept;

 private:
  void on_fiber_end(Fiber& fiber) noexcept override;

  EventLoop& loop_;
  CancelScope scope_;
  JoinCounter live_;
};

}  // namespace rondo::detail
