// From the inside out: tasks are cancelled and awaited, then the objects that outlive their tasks
// let go, then the closings they left to the loop are awaited, then the worker threads. One
// deadline covers it all; what is still there when it passes is named, and left alone for ever:
// resuming or freeing it would pull the floor from under its feet.

#include "rondo/runtime/exit_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "rondo/runtime/exit_report.hpp"
#include "rondo/runtime/loop_control.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/task_tree.hpp"
#include "rondo/runtime/thread_pool.hpp"

namespace rondo::detail {
namespace {

/// How many turns without waiting the cancelled closings get after the deadline.
constexpr int kLastTurns = 64;

class DeadlineTimer : public Timer {
 public:
  explicit DeadlineTimer(bool& passed) noexcept
      : Timer([](Timer& timer) noexcept { static_cast<DeadlineTimer&>(timer).passed_ = true; }),
        passed_(passed) {}

 private:
  bool& passed_;
};

}  // namespace

void ExitSequence::run(std::string closer, std::source_location where) noexcept {
  EventLoop* const outer = loop_.enter(where);
  const auto now = Clock::now();
  const auto deadline = now + std::min(loop_.options_.shutdown_timeout,
                                       Clock::duration::max() - now.time_since_epoch());
  DeadlineTimer timer(out_of_time_);
  loop_.schedule(timer, loop_.options_.shutdown_timeout);
  end_tasks();
  end_residents();
  end_background();
  for (auto* call = loop_.calls_.front(); call != nullptr; call = loop_.calls_.front()) {
    call->cancel();
  }
  end_threads(deadline);
  abandon_tasks();
  loop_.leave(outer);
  loop_.control_->close(std::move(closer), where, tell());
  loop_.threads_.reset();
  loop_.reactor_ = nullptr;
  loop_.backend_.reactor.reset();
}

void ExitSequence::turn_while(const std::size_t& live) {
  while (live > 0 && !out_of_time_) {
    loop_.stop_requested_ = false;  // there is nothing left to stop, and it would keep turns short
    loop_.turn();
  }
}

void ExitSequence::end_tasks() {
  // The tasks of a deadlock have been shown already.
  if (!loop_.was_deadlocked_) {
    report_tasks(loop_.main_.scope, "task cancelled at the end of the loop", Told::by_report);
  }
  loop_.main_.scope.cancel("the event loop is closing", std::source_location::current());
  turn_while(loop_.main_.live);
  report_tasks(loop_.main_.scope, "task did not end within the shutdown time-out");
}

void ExitSequence::end_residents() {
  while (LoopResident* resident = loop_.residents_.pop_front()) {
    resident->on_loop_exit(loop_.exit_report());
  }
}

void ExitSequence::end_background() {
  turn_while(loop_.background_.live);
  if (loop_.background_.live == 0) return;
  loop_.background_.scope.cancel("the shutdown time-out is over", std::source_location::current());
  for (int i = 0; i < kLastTurns && loop_.background_.live > 0; ++i) {
    loop_.stop_requested_ = true;  // a turn that may be the last does not wait
    loop_.turn();
  }
  report_tasks(loop_.background_.scope, "clean-up did not end within the shutdown time-out");
}

void ExitSequence::end_threads(Clock::time_point deadline) {
  if (!loop_.threads_) return;
  for (const std::string& name : loop_.threads_->join(deadline)) {
    loop_.exit_report().add(
        fmt::format("worker thread '{}' did not return within the shutdown time-out", name));
  }
}

void ExitSequence::abandon_tasks() noexcept {
  for (FiberEntry* entry = loop_.fibers_.front(); entry != nullptr;
       entry = loop_.fibers_.next(*entry)) {
    if (entry->is_fiber) static_cast<Fiber&>(*entry).outlive_loop();
  }
}

void ExitSequence::report_tasks(const ScopeNode& root, const char* what, Told told) noexcept {
  for (FiberEntry* entry = loop_.fibers_.front(); entry != nullptr;
       entry = loop_.fibers_.next(*entry)) {
    if (!entry->is_fiber) continue;
    const auto& fiber = static_cast<const Fiber&>(*entry);
    const bool is_told_elsewhere = told == Told::by_report && fiber.is_answered_for();
    if (is_told_elsewhere || !fiber.is_inside(root)) continue;
    try {
      loop_.exit_report().add(fmt::format("{}: {}", what, describe_task(fiber)));
    } catch (const std::bad_alloc&) {
      return;
    }
  }
}

std::string ExitSequence::tell() noexcept {
  try {
    std::string report = loop_.exit_report().text(
        fmt::format("at the end of the event loop created at {}:", to_string(loop_.created_at())));
    if (!report.empty()) loop_.log(report);
    return report;
  } catch (const std::bad_alloc&) {
    return {};  // there is no memory to say it with
  }
}

}  // namespace rondo::detail
