#pragma once
// Awaiting one operation without a coroutine frame.

#include <coroutine>

#include "rondo/runtime/operation.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/suspension.hpp"

namespace rondo::detail {

/// Base of the awaiters that wait for one `Operation`, their own. A derived class says how it
/// starts and stops, and what its end means.
class OperationAwaiter : public Suspension, protected Operation {
 public:
  OperationAwaiter(const OperationAwaiter&) = delete;
  OperationAwaiter& operator=(const OperationAwaiter&) = delete;

  bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    return begin(frame, frame.promise());
  }

  void cancel() noexcept final;

 protected:
  explicit OperationAwaiter(Complete on_end = &OperationAwaiter::on_complete) noexcept
      : Operation(on_end) {}
  ~OperationAwaiter() = default;

  /// As `Reactor::submit` and `Reactor::cancel`.
  virtual bool start(Operation& operation) = 0;
  virtual void stop(Operation& operation) noexcept = 0;

  /// The result; throws `Cancelled` when the operation was ended by a cancellation.
  std::int64_t ended() const;

  /// The end of the wait. Whoever has an `on_end` of their own may go on with another operation
  /// first, unless `was_cancelled`.
  static void on_complete(Operation& operation) noexcept;

  /// Whether the wait has been asked to end.
  [[nodiscard]] bool was_cancelled() const noexcept { return cancelled_; }

  /// Whose wait it is; null before it has begun.
  [[nodiscard]] Fiber* fiber() const noexcept { return fiber_; }

 private:
  bool begin(std::coroutine_handle<> frame, const Promise& promise);

  Fiber* fiber_ = nullptr;
  bool cancelled_ = false;
};

}  // namespace rondo::detail
