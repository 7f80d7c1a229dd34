#pragma once
// Waiting for children.

#include <coroutine>
#include <cstddef>

#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/suspension.hpp"

namespace rondo::detail {

/// Counts the live children of one fiber; awaiting it waits for the last to end. The wait itself
/// cannot be cancelled: a cancellation reaches the children through their scopes, and the parent
/// goes on when they have ended, so that nothing of a child outlives the frame it may refer to.
class JoinCounter final : public Suspension {
 public:
  void add() noexcept { ++live_; }

  /// One child has ended.
  void remove() noexcept {
    --live_;
    if (live_ == 0 && parent_ != nullptr) std::exchange(parent_, nullptr)->wake();
  }

  [[nodiscard]] std::size_t live() const noexcept { return live_; }

  bool await_ready() const noexcept { return live_ == 0; }
  template <class P>
  void await_suspend(std::coroutine_handle<P> frame) noexcept {
    parent_ = frame.promise().fiber();
    parent_->suspend(*this, frame, frame.promise());
  }
  void await_resume() const noexcept {}
  void cancel() noexcept final {}

 private:
  std::size_t live_ = 0;
  Fiber* parent_ = nullptr;
};

}  // namespace rondo::detail
