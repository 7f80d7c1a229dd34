#pragma once
// A fiber: a spawned chain of tasks that await each other. What asyncio calls a running `Task`.

#include <coroutine>
#include <cstdint>
#include <exception>
#include <memory>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/promise.hpp"
#include "rondo/runtime/runnable.hpp"
#include "rondo/runtime/scope_node.hpp"
#include "rondo/runtime/suspension.hpp"
#include "rondo/runtime/wait_queue.hpp"

namespace rondo::detail {

struct FiberTag;

/// A place in the loop's list of its fibers, which is in the order of their starts.
struct FiberEntry : ListElement<FiberTag> {
  explicit FiberEntry(bool is_a_fiber) noexcept : is_fiber(is_a_fiber) {}
  const bool is_fiber;  ///< false: a mark that somebody who walks the list has left there
};

/// What a fiber works on, in words, for the task tree. While it exists, it belongs to the fiber
/// that made it; notes of one fiber end in the reverse order of their beginning.
class TaskNote {
 public:
  explicit TaskNote(Fiber* fiber) noexcept;
  TaskNote(const TaskNote&) = delete;
  TaskNote& operator=(const TaskNote&) = delete;

  /// "GET example.com, waiting for the answer". Called on the loop's thread, between its steps.
  [[nodiscard]] virtual std::string describe() const = 0;

 protected:
  ~TaskNote();

 private:
  Fiber* fiber_;
  const TaskNote* outer_;
};

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
class Fiber : public Runnable, public FiberEntry {
 public:
  Fiber(std::coroutine_handle<> root, EventLoop& loop) noexcept;
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;
  virtual ~Fiber() = default;

  /// Makes the fiber ready for its first step, in a scope of its own inside `scope`. `observer` and
  /// `scope` outlive it.
  void start(ScopeNode& scope, FiberObserver& observer, std::source_location spawn_site) noexcept;

  /// Asks the whole fiber to end, and all that it has spawned.
  void cancel(std::string reason, std::source_location where) noexcept {
    base_scope_.cancel(std::move(reason), where);
  }

  /// The coroutine of `promise` is the one that runs.
  void enter(const Promise& promise) noexcept { innermost_ = &promise; }

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

  /// The frame that it goes on in, and that of the coroutine which awaits that one, or null. To
  /// prefetch them, and for nothing else.
  [[nodiscard]] const void* frame() const noexcept { return resume_at_.address(); }
  [[nodiscard]] const void* callers_frame() const noexcept {
    return innermost_->continuation().address();
  }

  [[nodiscard]] EventLoop& loop() const noexcept { return base_scope_.loop(); }
  [[nodiscard]] ScopeNode& scope() const noexcept { return *scope_; }
  [[nodiscard]] bool is_cancelled() const noexcept { return scope_->is_cancelled(); }
  [[nodiscard]] bool has_ended() const noexcept { return ended_; }
  [[nodiscard]] const std::source_location& spawn_site() const noexcept { return spawn_site_; }

  /// Somebody outside of the loop's own code gets hold of the fiber, and may keep it beyond the
  /// loop: it can then still tell who may use it.
  void keep_home() noexcept {
    keeps_home_ = true;
    if (ended_) outlive_loop();
  }

  /// The loop goes, and the fiber may stay.
  void outlive_loop() noexcept;

  /// Throws unless the caller runs on the fiber's loop: `LoopClosedError`, `WrongThreadError`,
  /// `WrongLoopError`. `function` is what was called.
  void require_home(const char* function) const {
    if (home_.get_running() == nullptr) refuse(function);
  }

  /// The same for what does not wait: throws `WrongThreadError` while the loop is open elsewhere.
  void require_thread(const char* function) const {
    if (home_.get_running() == nullptr) home_.require_thread(function);
  }

  /// Whether its loop is there, and the caller on its thread.
  [[nodiscard]] bool has_loop() const noexcept { return home_.get() != nullptr; }

  /// It belongs to whoever looks at the tasks, and is none of them.
  void hide() noexcept;
  [[nodiscard]] bool is_hidden() const noexcept { return hidden_; }

  /// Somebody on another loop or thread is told how it ends: the exit report need not.
  void set_answered_for() noexcept { answered_for_ = true; }
  [[nodiscard]] bool is_answered_for() const noexcept { return answered_for_; }

  /// Empty unless it was given one.
  [[nodiscard]] const std::string& name() const noexcept;
  void set_name(std::string name) { name_ = std::make_unique<std::string>(std::move(name)); }

  /// Where the fiber waits, or last waited, and what awaits it, innermost first.
  [[nodiscard]] std::vector<std::source_location> stack() const;

  /// The same without memory of its own, for a signal handler: calls `visit(site)` for each place.
  template <class Visit>
  void visit_stack(Visit visit) const {
    for (const Promise* frame = innermost_; frame != nullptr; frame = frame->parent()) {
      if (frame->await_site().line() != 0) visit(frame->await_site());
    }
  }

  /// The innermost of these places.
  [[nodiscard]] std::source_location place() const noexcept {
    return innermost_ == nullptr ? std::source_location() : innermost_->await_site();
  }

  /// Counts the fibers of a loop in the order of their starts, from 1: tells them apart also when a
  /// later one has the address of an earlier one.
  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] Clock::time_point started_at() const noexcept { return started_at_; }

  /// The fiber whose scope this one was started in; null: the loop's own.
  [[nodiscard]] const Fiber* parent() const noexcept { return base_scope_.parent_fiber(); }

  /// Whether it was started in `root`, or below a fiber that was.
  [[nodiscard]] bool is_inside(const ScopeNode& root) const noexcept;

  [[nodiscard]] bool is_waiting() const noexcept { return suspension_ != nullptr; }

  /// What it works on, or null.
  [[nodiscard]] const TaskNote* note() const noexcept { return note_; }

  void retain() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) destroy();
  }

  /// Whether anybody but its own run holds the fiber: somebody who can ask for its result.
  [[nodiscard]] bool is_held() const noexcept { return references_ > 1; }

  /// Called when the root coroutine is at its final suspension point; may destroy the fiber.
  void finish() noexcept;

  /// Set by `ScopeNode` when the fiber enters or leaves one.
  void set_scope(ScopeNode& scope) noexcept { scope_ = &scope; }

  /// Those who wait for the end of this fiber.
  [[nodiscard]] WaitQueue& joiners() {
    if (!joiners_) joiners_ = std::make_unique<WaitQueue>();
    return *joiners_;
  }

  /// The exception the fiber ended with, or null.
  [[nodiscard]] virtual const std::exception_ptr& error() noexcept = 0;

  /// Whether that is `Cancelled`.
  [[nodiscard]] bool was_cancelled() noexcept;

 protected:
  virtual void destroy() noexcept = 0;

 private:
  friend class TaskNote;
  [[noreturn]] void refuse(const char* function) const;

  // Programs have many fibers: what few of them need is on the heap, and what a switch touches
  // stands together.
  bool interrupted_ : 1 = false;
  bool ended_ : 1 = false;
  bool hidden_ : 1 = false;
  bool answered_for_ : 1 = false;
  bool keeps_home_ : 1 = false;
  std::uint32_t references_ = 1;
  std::coroutine_handle<> resume_at_;
  Suspension* suspension_ = nullptr;
  const Promise* innermost_ = nullptr;
  ScopeNode base_scope_;
  ScopeNode* scope_ = &base_scope_;
  FiberObserver* observer_ = nullptr;
  const TaskNote* note_ = nullptr;
  LoopReference home_;  // counted only once the fiber may outlive its loop
  std::uint64_t id_ = 0;
  Clock::time_point started_at_;
  std::source_location spawn_site_;
  std::unique_ptr<WaitQueue> joiners_;
  std::unique_ptr<std::string> name_;
};

}  // namespace rondo::detail
