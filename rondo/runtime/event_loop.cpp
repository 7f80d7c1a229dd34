// A turn: wait for completions no longer than the next timer allows, read the clock once, expire
// timers, take what other threads posted, then run everything that was ready when the turn began;
// what becomes ready meanwhile waits for the next turn, so a callback that schedules itself cannot
// starve the reactor.

#include "rondo/runtime/event_loop.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/exit_report.hpp"
#include "rondo/runtime/exit_sequence.hpp"
#include "rondo/runtime/frame_pool.hpp"
#include "rondo/runtime/loop_control.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/spin.hpp"
#include "rondo/runtime/task_tree.hpp"
#include "rondo/runtime/thread_pool.hpp"

namespace rondo {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlowStep{100};

/// How often memory that nobody needs is given back.
constexpr milliseconds kShrinking{1000};

// What is later is due here: rounding up to milliseconds must not overflow.
constexpr Clock::time_point kEndOfTime = Clock::time_point::max() - milliseconds(1);

bool is_debug_asked_for() noexcept {
  const char* value = std::getenv("RONDO_DEBUG");
  return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}

}  // namespace

thread_local constinit EventLoop* detail::loop_of_thread = nullptr;
thread_local constinit const detail::LoopControl* detail::control_of_thread = nullptr;

using detail::loop_of_thread;

void detail::refuse_without_loop() {
  throw NoRunningLoopError("get_running_loop()");
}

EventLoop::EventLoop(RunOptions options, std::source_location created_at)
    : options_(std::move(options)),
      time_(options_.time != nullptr ? options_.time : &steady_time()),
      control_(std::make_shared<detail::LoopControl>(*this, created_at)),
      backend_(detail::choose_reactor(options_.backend, options_.preferred_backends)),
      reactor_(backend_.reactor.get()),
      epoch_(time_->now()),
      now_(epoch_),
      run_at_(created_at),
      exit_report_(std::make_unique<detail::ExitReport>()) {
  options_.debug |= is_debug_asked_for();
  control_->set_reactor(reactor_);
}

EventLoop::~EventLoop() {
  if (!is_closed()) detail::ExitSequence(*this).run("~EventLoop()", control_->created_at());
}

void EventLoop::close(std::source_location where) {
  if (is_closed()) return;
  control_->require_thread("close()");
  if (running_) {
    const std::string who = current_fiber_ == nullptr
                                ? "a callback"
                                : fmt::format("task '{}'", detail::name_of(*current_fiber_));
    throw LoopRunningError(
        fmt::format("cannot close a running event loop: {} runs in it, in the run at {}", who,
                    detail::to_string(run_at_)));
  }
  detail::ExitSequence(*this).run("close()", where);
}

bool EventLoop::is_closed() const noexcept {
  return control_->is_closed();
}

std::string EventLoop::dump_tasks() {
  require_usable("dump_tasks()");
  detail::TaskTreeWalk walk(*this);
  walk.advance(live_fibers_);
  return detail::format_task_tree(detail::headline_of(*this), walk.take());
}

const std::source_location& EventLoop::created_at() const noexcept {
  return control_->created_at();
}

std::uint64_t EventLoop::generation() const noexcept {
  return control_->generation();
}

std::string_view EventLoop::backend() const {
  require_usable("backend()");
  return reactor_->name();
}

const std::string& EventLoop::backend_reason() const {
  require_usable("backend_reason()");
  return backend_.reason;
}

void EventLoop::require_usable(const char* function) const {
  if (control_->is_closed()) control_->throw_closed();
  control_->require_thread(function);
}

void EventLoop::require_thread(const char* function) const {
  if (loop_of_thread != this) control_->require_thread(function);
}

void EventLoop::refuse_current(const char* function) const {
  if (loop_of_thread == nullptr) throw NoRunningLoopError(function);
  throw WrongLoopError(
      fmt::format("{} called under the event loop created at {}, but this belongs to the one "
                  "created at {}",
                  function, detail::to_string(loop_of_thread->control_->created_at()),
                  detail::to_string(control_->created_at())));
}

CallHandle EventLoop::add_call(std::function<void()> callback, const char* function) {
  require_usable(function);
  auto call = std::make_shared<detail::ScheduledCall>(*this, std::move(callback));
  call->hold(call);
  calls_.push_back(*call);
  return CallHandle(std::move(call));
}

CallHandle EventLoop::call_soon(std::function<void()> callback) {
  CallHandle handle = add_call(std::move(callback), "call_soon()");
  make_ready(*handle.call_);
  return handle;
}

CallHandle EventLoop::call_later(Clock::duration delay, std::function<void()> callback) {
  CallHandle handle = add_call(std::move(callback), "call_later()");
  schedule(*handle.call_, delay);
  return handle;
}

CallHandle EventLoop::call_at(Clock::time_point when, std::function<void()> callback) {
  CallHandle handle = add_call(std::move(callback), "call_at()");
  timers_.schedule(*handle.call_, tick_of(std::min(when, kEndOfTime), true));
  return handle;
}

void EventLoop::call_soon_threadsafe(std::function<void()> callback) const {
  reference().call_soon_threadsafe(std::move(callback));
}

void EventLoop::run_until_ended(detail::Fiber& main, std::source_location where) {
  enter_run("run_until_complete()", where);
  main_.start(main, where);
  do {
    run_turn();
  } while (!main.has_ended() && !stop_requested_);
  leave(nullptr);
  if (!main.has_ended()) {
    throw InvalidStateError(
        fmt::format("stop() ended the run at {} before its task had ended; close() cancels it",
                    detail::to_string(where)));
  }
}

void EventLoop::run_forever(std::source_location where) {
  require_usable("run_forever()");
  enter_run("run_forever()", where);
  do {
    run_turn();
  } while (!stop_requested_);
  leave(nullptr);
}

void EventLoop::stop() {
  require_usable("stop()");
  stop_requested_ = true;
}

void EventLoop::enter_run(const char* function, std::source_location where) {
  if (loop_of_thread != nullptr) loop_of_thread->refuse_nested_run(function);
  enter(where);
}

EventLoop* EventLoop::enter(std::source_location where) noexcept {
  run_at_ = where;
  running_ = true;
  if (!inspected_) inspected_.emplace();
  now_ = time_->now();
  detail::control_of_thread = control_.get();
  return std::exchange(loop_of_thread, this);
}

void EventLoop::refuse_nested_run(const char* function) const {
  throw LoopRunningError(
      fmt::format("{} called inside a running event loop, that of the run at {}: co_await the task "
                  "instead, or run it on another thread",
                  function, detail::to_string(run_at_)));
}

void EventLoop::leave(EventLoop* outer) noexcept {
  running_ = false;
  stop_requested_ = false;
  inspected_.reset();
  loop_of_thread = outer;
  detail::control_of_thread = outer == nullptr ? nullptr : outer->control_.get();
}

void EventLoop::run_turn() {
  if (is_deadlocked()) {
    // A Ctrl-C may have come already that nobody has looked for yet.
    reactor_->poll(milliseconds(0));
    if (is_deadlocked()) refuse_deadlock();
  }
  turn();
}

bool EventLoop::is_deadlocked() noexcept {
  const bool has_work =
      !ready_.empty() || stop_requested_ || reactor_->pending() > house_operations_;
  if (has_work || timers_.next_tick()) return false;
  // The inbox comes last: whoever has just gone may have left something in it.
  const bool may_be_woken = control_->has_handles() || has_work_elsewhere();
  return !may_be_woken && !control_->has_posted();
}

// On a worker thread, or in the kernel at a file: work that ends by itself.
bool EventLoop::has_work_elsewhere() const noexcept {
  return (threads_ && threads_->is_busy()) || reactor_->is_busy_with_files();
}

void EventLoop::refuse_deadlock() {
  const std::string tree = dump_tasks();
  std::string what = fmt::format(
      "deadlock: nothing can wake the event loop created at {} any more, and {} task{} still "
      "wait{}",
      detail::to_string(created_at()), live_fibers_, live_fibers_ == 1 ? "" : "s",
      live_fibers_ == 1 ? "s" : "");
  leave(nullptr);
  was_deadlocked_ = true;
  throw DeadlockError(std::move(what), tree);
}

void EventLoop::turn() {
  const milliseconds wait = time_to_wait();
  ++reactor_->arrivals().polls;
  if (wait > milliseconds(0) && time_->skips_waiting() && !has_work_elsewhere()) {
    reactor_->poll(milliseconds(0));
    const bool idle = ready_.empty() && !control_->has_posted();
    if (idle) time_->skip_to(epoch_ + milliseconds(*timers_.next_tick()));
  } else if (options_.spin > Clock::duration::zero() && wait != milliseconds(0)) {
    detail::poll_spinning(*reactor_, *time_, options_.spin, wait);
  } else if (options_.coalesce && wait != milliseconds(0)) {
    coalescing_.poll(*reactor_, now_, shrink_frames(wait));
  } else {
    reactor_->poll(wait);
  }
  now_ = time_->now();
  is_in_steps_.store(true, std::memory_order_relaxed);
  timers_.advance(tick_of(now_, false));
  if (control_->has_posted()) run_posted();
  if (inspection_.load(std::memory_order_relaxed) != 0) {
    detail::begin_inspection(*this, inspection_.exchange(0));
  }
  detail::ReadyQueue batch;
  batch.splice_back(ready_);
  while (detail::Runnable* runnable = batch.pop_front()) {
    ++steps_;
    if (options_.debug) {
      run_watched(*runnable);
    } else {
      runnable->run();
    }
  }
  is_in_steps_.store(false, std::memory_order_relaxed);
}

void EventLoop::request_inspection(int requests) noexcept {
  if (is_in_steps_.load(std::memory_order_relaxed) && time_in_turn() > kSlowStep) {
    detail::answer_for_stuck_loop(*this, requests);
    return;
  }
  inspection_.fetch_or(requests);
  reactor_->wake();
}

milliseconds EventLoop::time_in_turn() const noexcept {
  return std::chrono::floor<milliseconds>(time_->now() - now_);
}

void EventLoop::run_watched(detail::Runnable& runnable) {
  // Before the step: behind it the task may be gone.
  std::string step = "a callback";
  if (const auto* fiber = dynamic_cast<const detail::Fiber*>(&runnable)) {
    step = detail::describe_step(*fiber);
  }
  const auto begun = Clock::now();
  runnable.run();
  const std::chrono::duration<double> took = Clock::now() - begun;
  if (took <= kSlowStep) return;
  const std::string line =
      fmt::format("slow step: {} held the event loop for more than {} ms", step, kSlowStep.count());
  if (exit_report_->add_told(line)) log(fmt::format("{}: {:.3f} s", line, took.count()));
}

milliseconds EventLoop::time_to_wait() noexcept {
  if (!ready_.empty() || stop_requested_ || control_->has_posted()) return milliseconds(0);
  // A timer that was stopped may end the wait once for nothing, which costs less than to look for
  // the next one in each turn. Time that jumps to it has to know.
  const auto next = time_->skips_waiting() ? timers_.next_tick() : timers_.not_before();
  if (!next) return detail::Reactor::kForever;
  // The steps of the last turn took time: now_ is too old to wait by.
  const Clock::duration rest = epoch_ + milliseconds(*next) - time_->now();
  return std::max(std::chrono::ceil<milliseconds>(rest), milliseconds(0));
}

milliseconds EventLoop::shrink_frames(milliseconds wait) noexcept {
  const bool waits = wait != milliseconds(0) && !time_->skips_waiting();
  if (!waits || !detail::may_shrink_frame_pool()) return wait;
  if (now_ >= next_shrinking_) {
    next_shrinking_ = now_ + kShrinking;
    // A frame that is needed again soon is needed for a step.
    detail::shrink_frame_pool(std::exchange(steps_, 0));
  }
  return wait < milliseconds(0) ? kShrinking : std::min(wait, kShrinking);
}

void EventLoop::run_posted() {
  for (auto& callback : control_->take_posted()) {
    try {
      callback();
    } catch (...) {
      log_error("error in a callback: " + detail::describe_whole(std::current_exception()));
    }
  }
}

// From time() and not from now(): no delay may be cut short.
Clock::time_point EventLoop::moment_in(Clock::duration delay) const noexcept {
  if (delay <= Clock::duration::zero()) return epoch_;
  const Clock::time_point now = time();
  return now + std::min(delay, kEndOfTime - now);
}

void EventLoop::schedule(detail::Timer& timer, Clock::duration delay) noexcept {
  schedule_at(timer, moment_in(delay));
}

void EventLoop::schedule_at(detail::Timer& timer, Clock::time_point when) noexcept {
  timers_.schedule(timer, tick_of(when, true));
}

std::uint64_t EventLoop::tick_of(Clock::time_point time, bool round_up) const noexcept {
  if (time <= epoch_) return 0;
  const Clock::duration since = time - epoch_;
  const auto ticks =
      round_up ? std::chrono::ceil<milliseconds>(since) : std::chrono::floor<milliseconds>(since);
  return static_cast<std::uint64_t>(ticks.count());
}

void EventLoop::finish_in_background(Task<> cleanup) {
  const bool is_running_here = loop_of_thread == this;
  if (!is_running_here) require_usable("finish_in_background()");
  auto fiber = detail::FiberFrame<void>::of_task(*this, std::move(cleanup));
  background_.start(*fiber, std::source_location::current());
}

detail::ThreadPool& EventLoop::threads() {
  if (!threads_) threads_ = std::make_unique<detail::ThreadPool>(options_.max_worker_threads);
  return *threads_;
}

void EventLoop::log(std::string_view report) const noexcept {
  try {
    if (options_.log) {
      options_.log(report);
    } else {
      fmt::print(stderr, "rondo: {}\n", report);
    }
  } catch (...) {
    // A log that fails has nobody left to tell.
  }
}

void EventLoop::log_error(const std::string& error) noexcept {
  if (exit_report_->add_told(error)) log(error);
}

void EventLoop::log_lost_error(const std::exception_ptr& error) noexcept {
  if (!error) return;
  try {
    log_error("error in a task that nobody waits for: " + detail::describe_whole(error));
  } catch (...) {
    // There is no memory for the text.
  }
}

void EventLoop::Root::start(detail::Fiber& fiber, std::source_location where) {
  ++live;
  fiber.start(scope, *this, where);
}

void EventLoop::Root::on_fiber_end(detail::Fiber& fiber) noexcept {
  --live;
  if (!fiber.is_held() && !fiber.was_cancelled()) loop_->log_lost_error(fiber.error());
}

}  // namespace rondo
