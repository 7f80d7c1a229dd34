#pragma once
// A fiber: a spawned chain of tasks that await each other. What asyncio calls a running `Task`.

#include <coroutine>
#include <cstdint>
#include <exception>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/runnable.hpp"
#include "rondo/runtime/suspension.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::detail {

/// Is told when a fiber has ended.
class FiberObserver {
 public:
  virtual void on_fiber_end(Fiber& fiber) noexcept = 0;

 protected:
  ~FiberObserver() = default;
};

/// Lives in the frame of the coroutine at the fiber's root (`FiberFrame`). Belongs to one loop and
/// is used on that loop's thread only. Counted: the run holds one reference until the end, each
/// `TaskHandle` another.
class Fiber : public Runnable {
 public:
  Fiber(std::coroutine_handle<> root, EventLoop& loop) noexcept;
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  virtual ~Fiber() = default;

  /// Makes the fiber ready for its first step, in a scope of its own inside `scope`. `observer` and
  /// `scope` outlive it.
  void start(CancelScope& scope, FiberObserver& observer, std::source_location spawn_site) noexcept;

  /// Asks the whole fiber to end, and all that it has spawned.
  void cancel(std::string reason, std::source_location where) noexcept {
    base_scope_.cancel(std::move(reason), where);
  }

  /// Parks the fiber at `resume_at`, waiting in `suspension`. Called from `await_suspend`.
  void suspend(Suspension& suspension, std::coroutine_handle<> resume_at,
               const Promise& innermost) noexcept {
    suspension_ = &suspension;
    resume_at_ = resume_at;
    innermost_ = &innermost;
  }

  /// The wait has ended: the fiber goes on in the loop's next turn.
  void wake() noexcept;

  /// Lets the other ready fibers go first; a step that never waits must not hold the loop for ever.
  void yield(std::coroutine_handle<> resume_at, const Promise& innermost) noexcept;

  /// Asks the wait the fiber is in, if any, to end.
  void interrupt() noexcept {
    if (suspension_ != nullptr && !interrupted_) {
      interrupted_ = true;
      suspension_->cancel();
    }
  }

  void run() noexcept override;

  [[nodiscard]] EventLoop& loop() const noexcept { return *loop_; }
  [[nodiscard]] CancelScope& scope() const noexcept { return *scope_; }
  [[nodiscard]] bool is_cancelled() const noexcept { return scope_->is_cancelled(); }
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  [[nodiscard]] const std::source_location& spawn_site() const noexcept { return spawn_site_; }

  /// Tells the fibers of one thread apart, also when a later one has the address of an earlier one.
  /// Never 0.
  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  void set_name(std::string name) { name_ = std::move(name); }

  /// Where the fiber waits and what awaits it, innermost first.
  [[nodiscard]] std::vector<std::source_location> stack() const;

  void retain() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) destroy();
  }

  /// Whether anybody but its own run holds the fiber: somebody who can ask for its result.
  [[nodiscard]] bool is_held() const noexcept { return references_ > 1; }

  /// Called when the root coroutine is at its final suspension point; may destroy the fiber.
  void finish() noexcept;

  /// Set by `CancelScope` when the fiber enters or leaves one.
  void set_scope(CancelScope& scope) noexcept { scope_ = &scope; }

  /// Those who wait for the end of this fiber.
  [[nodiscard]] WaitQueue& joiners() noexcept { return joiners_; }

  /// The exception the fiber ended with, or null.
  [[nodiscard]] virtual std::exception_ptr error() noexcept = 0;

  /// Whether that is `Cancelled`.
  [[nodiscard]] bool was_cancelled() noexcept;

 protected:
  virtual void destroy() noexcept = 0;

 private:
  Suspension* suspension_ = nullptr;
  std::coroutine_handle<> resume_at_;
  const Promise* innermost_ = nullptr;
  EventLoop* loop_;
  std::uint64_t id_;
  CancelScope base_scope_;
  CancelScope* scope_ = &base_scope_;
  FiberObserver* observer_ = nullptr;
  WaitQueue joiners_;
  std::uint32_t references_ = 1;
  bool interrupted_ = false;
  bool ended_ = false;
  std::source_location spawn_site_;
  std::string name_;
};

}  // namespace rondo::detail
