#pragma once
// The one thing a suspended fiber waits in.

namespace rondo::detail {

/// Base of every awaiter that parks a fiber. `Fiber::suspend` names it, `Fiber::wake` forgets it.
class Suspension {
 public:
  /// Asks the wait to end. It answers, now or later, with `Fiber::wake`; its await then throws
  /// `Cancelled`, unless it had completed already. Called at most once a wait, and never resumes
  /// anybody itself.
  virtual void cancel() noexcept = 0;

 protected:
  Suspension() noexcept = default;
  ~Suspension() = default;
};

}  // namespace rondo::detail
