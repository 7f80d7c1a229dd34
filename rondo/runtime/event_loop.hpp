#pragma once
// `EventLoop`: what `run()` drives, for those who want to hold the wheel themselves.
//
//   rondo::EventLoop loop;
//   std::string page = loop.run_until_complete(fetch(url));
//   loop.close();

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>

#include "rondo/runtime/as_task.hpp"
#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/fiber_frame.hpp"
#include "rondo/runtime/inspection.hpp"
#include "rondo/runtime/loop_handle.hpp"
#include "rondo/runtime/reactor.hpp"
#include "rondo/runtime/run_options.hpp"
#include "rondo/runtime/runnable.hpp"
#include "rondo/runtime/running_loop.hpp"
#include "rondo/runtime/scheduled_call.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/timer_wheel.hpp"
#include "rondo/runtime/wake_coalescing.hpp"

namespace rondo {

class Runner;

namespace detail {
class ExitReport;
class ExitSequence;
class LoopControl;
class LoopResident;
class ThreadPool;
struct ResidentTag;
}  // namespace detail

/// An event loop for one thread: the one that creates it.
///
/// Threads: every member function is for that thread only and throws `WrongThreadError` elsewhere;
/// other threads hold a `Handle`. Lifetime: `close()`, or the destructor, cancels what is still
/// pending and waits for it, closes connections and joins worker threads. After it every call
/// throws `LoopClosedError`.
class EventLoop {
 public:
  using Handle = LoopHandle;
  using FiberList = IntrusiveList<detail::FiberEntry, detail::FiberTag>;

  /// `RunOptions::handle_sigint` has no effect here: that is `run`'s. Throws `OsError` when the
  /// system refuses, `std::invalid_argument` for a back end that there is not.
  explicit EventLoop(RunOptions options = {},
                     std::source_location created_at = std::source_location::current());

  /// Closes the loop, if `close()` was not called. Never throws.
  ~EventLoop();

  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// Runs `callback` in the next turn. What it throws goes to the log.
  CallHandle call_soon(std::function<void()> callback);

  /// Runs `callback` in `delay`, to the millisecond, never early.
  CallHandle call_later(Clock::duration delay, std::function<void()> callback);

  /// Runs `callback` at `when`.
  CallHandle call_at(Clock::time_point when, std::function<void()> callback);

  /// The same as `call_soon`, from any thread; from the loop's own it is `call_soon`. Throws
  /// `LoopClosedError`.
  void call_soon_threadsafe(std::function<void()> callback) const;

  /// Runs the loop until `main` has ended; gives its value or throws its exception. What else was
  /// started goes on with the next run. Throws `LoopRunningError` when a loop runs on this thread
  /// already, and `InvalidStateError` when `stop()` ended the run first: `main` is then cancelled
  /// by `close()`.
  template <class T>
  T run_until_complete(Task<T> main, std::source_location where = std::source_location::current());
  template <detail::MovableAwaiter Awaiter>
  auto run_until_complete(Awaiter main,
                          std::source_location where = std::source_location::current()) {
    return run_until_complete(detail::as_task(std::move(main)), where);
  }

  /// Runs the loop until `stop()`.
  void run_forever(std::source_location where = std::source_location::current());

  /// Ends `run_forever` or `run_until_complete` after the current turn; called before one of them,
  /// after its first turn.
  void stop();

  /// Cancels what is pending and awaits it, closes connections, joins worker threads, and ends the
  /// loop; all within `RunOptions::shutdown_timeout`. What was late is named in the log. Does
  /// nothing on a closed loop. Throws `LoopRunningError` from inside a run.
  void close(std::source_location where = std::source_location::current());

  [[nodiscard]] bool is_running() const noexcept { return running_; }
  [[nodiscard]] bool is_closed() const noexcept;

  /// The loop's time: `now` is that of the turn's beginning, `time` is read when it is asked for.
  [[nodiscard]] Clock::time_point now() const noexcept { return now_; }
  [[nodiscard]] Clock::time_point time() const noexcept { return time_->now(); }
  [[nodiscard]] Clock::time_point moment_in(Clock::duration delay) const noexcept;

  /// The tasks of the loop as a tree, in words: name, state, age, what each works on, and where it
  /// waits, with the awaits above. Ends with a line end. The same text as that of `rondo ps`.
  [[nodiscard]] std::string dump_tasks();

  /// How many tasks there are.
  [[nodiscard]] std::size_t live_tasks() const noexcept { return live_fibers_; }

  /// Where the loop was made.
  [[nodiscard]] const std::source_location& created_at() const noexcept;

  /// "epoll", "poll" or "io_uring".
  [[nodiscard]] std::string_view backend() const;

  /// Why it is that one, in words: "it is the default", or what was asked for and cannot be had.
  [[nodiscard]] const std::string& backend_reason() const;

  /// Tells loops apart, also when a later one has the address of an earlier one. Never 0.
  [[nodiscard]] std::uint64_t generation() const noexcept;

  /// What another thread holds of the loop. While there is one, the loop may be woken from outside
  /// and is never deadlocked.
  [[nodiscard]] Handle handle() const noexcept { return Handle(control_); }

  /// What an object of the loop keeps of it.
  [[nodiscard]] LoopReference reference() const noexcept { return LoopReference(control_); }

  /// Runs `cleanup` in the background, outside every scope: the closing of something whose owner
  /// has gone. The loop ends it before it closes, and cancels it when `shutdown_timeout` is over.
  /// What it throws goes to the log.
  void finish_in_background(Task<> cleanup);

  // What awaiters, streams and the layers above build on. Loop thread only, no checks.
  [[nodiscard]] detail::Reactor& reactor() noexcept { return *reactor_; }
  [[nodiscard]] detail::ThreadPool& threads();
  [[nodiscard]] detail::Fiber* current_fiber() const noexcept { return current_fiber_; }
  /// Starts `fiber` beside the main task; the loop cancels it when it closes.
  void start(detail::Fiber& fiber, std::source_location where) { main_.start(fiber, where); }
  /// Whether the exit sequence has begun: what is started now may never take a step.
  [[nodiscard]] bool is_closing() const noexcept { return main_.scope.is_cancelled(); }
  void make_ready(detail::Runnable& runnable) noexcept { ready_.push_back(runnable); }
  void schedule(detail::Timer& timer, Clock::duration delay) noexcept;
  void schedule_at(detail::Timer& timer, Clock::time_point when) noexcept;
  void add_resident(detail::LoopResident& resident) noexcept { residents_.push_back(resident); }
  std::uint64_t add_fiber(detail::Fiber& fiber) noexcept {
    fibers_.push_back(fiber);
    ++live_fibers_;
    return ++last_fiber_id_;
  }
  void remove_fiber(detail::Fiber& fiber) noexcept {
    fiber.FiberEntry::unlink();
    --live_fibers_;
  }
  [[nodiscard]] FiberList& fibers() noexcept { return fibers_; }
  [[nodiscard]] std::uint64_t last_fiber_id() const noexcept { return last_fiber_id_; }
  void log(std::string_view report) const noexcept;
  [[nodiscard]] detail::ExitReport& exit_report() noexcept { return *exit_report_; }

  /// Logs an error that nobody else can receive; one that was logged before is only counted.
  void log_error(const std::string& error) noexcept;

  /// The same for what a task has ended with, if that is an error.
  void log_lost_error(const std::exception_ptr& error) noexcept;
  [[noreturn]] void refuse_nested_run(const char* function) const;

  /// Throws `WrongLoopError` when another loop runs on this thread, `NoRunningLoopError` when none
  /// does.
  void require_current(const char* function) const {
    if (detail::loop_of_thread != this) refuse_current(function);
  }

  /// Throws `WrongThreadError` on another thread than the loop's.
  void require_thread(const char* function) const;

  /// Somebody wants to look at the tasks. Called in a signal handler on the loop's thread: answers
  /// at once when the loop is stuck in a step, otherwise in the next turn.
  void request_inspection(int requests) noexcept;

  /// How long the current turn has taken.
  [[nodiscard]] std::chrono::milliseconds time_in_turn() const noexcept;

  /// An operation that is the loop's own: it is pending, and nobody waits for it.
  void add_house_operation() noexcept { ++house_operations_; }
  void remove_house_operation() noexcept { --house_operations_; }

  /// False once a step has completed many operations without waiting: the next one yields, so that
  /// a fiber with endless data cannot starve the others.
  [[nodiscard]] bool may_continue_inline() noexcept { return --inline_budget_ > 0; }

 private:
  friend class Runner;
  friend class detail::ExitSequence;
  friend class detail::Fiber;

  /// Counts the fibers of a scope of the loop's own, and logs the errors that nobody will ask for.
  class Root final : public detail::FiberObserver {
   public:
    explicit Root(EventLoop& loop) noexcept : scope(loop, nullptr), loop_(&loop) {}
    void start(detail::Fiber& fiber, std::source_location where);
    void on_fiber_end(detail::Fiber& fiber) noexcept override;

    detail::ScopeNode scope;
    std::size_t live = 0;

   private:
    EventLoop* loop_;
  };

  [[noreturn]] void refuse_current(const char* function) const;
  void require_usable(const char* function) const;
  CallHandle add_call(std::function<void()> callback, const char* function);
  void run_until_ended(detail::Fiber& main, std::source_location where);
  void enter_run(const char* function, std::source_location where);

  /// Makes this the running loop of the thread; gives the one that was, for `leave`.
  EventLoop* enter(std::source_location where) noexcept;
  void leave(EventLoop* outer) noexcept;
  void turn();
  /// One turn of a run. Throws `DeadlockError` where it would wait for ever.
  void run_turn();
  [[nodiscard]] bool is_deadlocked() noexcept;
  [[nodiscard]] bool has_work_elsewhere() const noexcept;
  [[noreturn]] void refuse_deadlock();
  void run_watched(detail::Runnable& runnable);
  void run_posted();
  [[nodiscard]] std::chrono::milliseconds time_to_wait() noexcept;

  /// Gives back memory that a burst of tasks has left; how long the loop may wait, at most `wait`.
  std::chrono::milliseconds shrink_frames(std::chrono::milliseconds wait) noexcept;
  [[nodiscard]] std::uint64_t tick_of(Clock::time_point time, bool round_up) const noexcept;

  RunOptions options_;
  TimeSource* time_;
  std::shared_ptr<detail::LoopControl> control_;
  detail::ReactorChoice backend_;
  detail::Reactor* reactor_;
  detail::WakeCoalescing coalescing_;
  Clock::time_point epoch_;
  Clock::time_point now_;
  Clock::time_point next_shrinking_;
  std::size_t steps_ = 0;  // since frames were last given back
  detail::TimerWheel timers_;
  detail::ReadyQueue ready_;
  FiberList fibers_;
  std::size_t live_fibers_ = 0;
  std::uint64_t last_fiber_id_ = 0;
  detail::Fiber* current_fiber_ = nullptr;
  int inline_budget_ = 0;
  std::size_t house_operations_ = 0;
  bool running_ = false;
  std::optional<detail::InspectedRun> inspected_;
  std::atomic<int> inspection_{0};
  std::atomic<bool> is_in_steps_{false};
  bool stop_requested_ = false;
  bool was_deadlocked_ = false;
  std::source_location run_at_;
  Root main_{*this};
  Root background_{*this};
  IntrusiveList<detail::ScheduledCall, detail::CallTag> calls_;
  IntrusiveList<detail::LoopResident, detail::ResidentTag> residents_;
  std::unique_ptr<detail::ThreadPool> threads_;
  std::unique_ptr<detail::ExitReport> exit_report_;
};

namespace detail {

/// Something that belongs to a loop and may outlive it, as a session does.
class LoopResident : public ListElement<ResidentTag> {
 public:
  /// The loop closes: let go of everything that is its, and say in its report what should have
  /// ended before. May use `finish_in_background`.
  virtual void on_loop_exit(ExitReport& report) noexcept = 0;

 protected:
  ~LoopResident() = default;
};

}  // namespace detail

template <class T>
T EventLoop::run_until_complete(Task<T> main, std::source_location where) {
  require_usable("run_until_complete()");
  auto fiber = detail::FiberFrame<T>::of_task(*this, std::move(main));
  run_until_ended(*fiber, where);
  return fiber->take_result();
}

}  // namespace rondo
