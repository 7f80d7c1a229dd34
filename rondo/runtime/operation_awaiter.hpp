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
  OperationAwaiter() noexcept : Operation(&OperationAwaiter::on_complete) {}
  ~OperationAwaiter() = default;

  /// As `Reactor::submit` and `Reactor::cancel`.
  virtual bool start(Operation& operation) = 0;
  virtual void stop(Operation& operation) noexcept = 0;

  /// The result; throws `Cancelled` when the operation was ended by a cancellation.
  std::int64_t ended() const;

 private:
  bool begin(std::coroutine_handle<> frame, const Promise& promise);
  static void on_complete(Operation& operation) noexcept;

  Fiber* fiber_ = nullptr;
  bool cancelled_ = false;
};

}  // namespace rondo::detail
