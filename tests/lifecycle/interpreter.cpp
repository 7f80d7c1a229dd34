// The actions that hold others, and how a program is stopped.

#include "interpreter.hpp"

#include <signal.h>

#include <array>
#include <optional>
#include <source_location>
#include <utility>

#include "rondo/runtime/as_completed.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/wait.hpp"

namespace rondo::lifecycle {
namespace {

class LiveStep {
 public:
  explicit LiveStep(World& world) : world_(world) { ++world_.live_steps; }
  LiveStep(const LiveStep&) = delete;
  LiveStep& operator=(const LiveStep&) = delete;
  ~LiveStep() { --world_.live_steps; }

 private:
  World& world_;
};

/// A scope that other tasks can find.
class KnownScope {
 public:
  KnownScope(World& world, CancelScope& scope) : world_(world), scope_(&scope) {
    world_.scopes.push_back(scope_);
  }
  KnownScope(const KnownScope&) = delete;
  KnownScope& operator=(const KnownScope&) = delete;
  ~KnownScope() { std::erase(world_.scopes, scope_); }

 private:
  World& world_;
  CancelScope* scope_;
};

/// A call that must not come after main.
class OwnedCall {
 public:
  explicit OwnedCall(CallHandle call) : call_(std::move(call)) {}
  OwnedCall(const OwnedCall&) = delete;
  OwnedCall& operator=(const OwnedCall&) = delete;
  ~OwnedCall() { call_.cancel(); }

 private:
  CallHandle call_;
};

}  // namespace

Interpreter::Handler Interpreter::handler_of(Action action) {
  static constexpr auto kHandlers = std::to_array<Handler>({
      &Interpreter::pause,
      &Interpreter::yield,
      &Interpreter::fail,
      &Interpreter::fail_in_callback,
      &Interpreter::cancel_scope,
      &Interpreter::cancel_task,
      &Interpreter::leave_in_background,
      &Interpreter::detach,
      &Interpreter::call_thread,
      &Interpreter::wait_for_event,
      &Interpreter::toggle_event,
      &Interpreter::wait_for_condition,
      &Interpreter::notify_condition,
      &Interpreter::put_into_queue,
      &Interpreter::get_from_queue,
      &Interpreter::close_queue,
      &Interpreter::meet_at_barrier,
      &Interpreter::read_memory,
      &Interpreter::read_tcp,
      &Interpreter::read_tls,
      &Interpreter::resolve,
      &Interpreter::refuse,
      &Interpreter::request,
      &Interpreter::sequence,
      &Interpreter::hop,
      &Interpreter::catch_errors,
      &Interpreter::group,
      &Interpreter::gather_all,
      &Interpreter::gather_outcomes,
      &Interpreter::wait_for_branches,
      &Interpreter::take_as_completed,
      &Interpreter::with_timeout,
      &Interpreter::with_shield,
      &Interpreter::with_scope,
      &Interpreter::with_lock,
      &Interpreter::with_permit,
      &Interpreter::with_resource,
      &Interpreter::fail_when_cancelled,
      &Interpreter::linger_when_cancelled,
      &Interpreter::swallow_cancellation,
  });
  static_assert(kHandlers.size() == static_cast<std::size_t>(kLastAction) + 1);
  return kHandlers.at(static_cast<std::size_t>(action));
}

Task<> Interpreter::perform(const Step& step) {
  const LiveStep live(world_);
  const Handler handler = handler_of(step.action);
  co_await (this->*handler)(step);
}

std::vector<Task<>> Interpreter::branches(const Step& step) {
  std::vector<Task<>> tasks;
  for (const Step& inner : step.branches) tasks.push_back(perform(inner));
  return tasks;
}

void Interpreter::stop_loop() {
  world_.stop_asked = true;
  if (world_.program.stop == Stop::interrupt) {
    ::raise(SIGINT);
  } else {
    get_running_loop().stop();
  }
}

Task<> Interpreter::leave_after(TaskGroup& group) {
  co_await sleep(world_.program.stop_at);
  world_.stop_asked = true;
  if (world_.program.stop == Stop::main_throws) world_.ledger.fail(world_.program.main.pick);
  group.cancel();
}

Task<> Interpreter::run_until_stopped() {
  const Program& program = world_.program;
  EventLoop& loop = get_running_loop();
  std::optional<OwnedCall> stop;
  switch (program.stop) {
    case Stop::never:
      break;
    case Stop::main_returns:
    case Stop::main_throws:
      co_await with_task_group([this](TaskGroup& group) -> Task<> {
        group.spawn(perform(world_.program.main));
        co_await leave_after(group);
      });
      co_return;
    case Stop::main_is_cancelled:
      stop.emplace(loop.call_later(program.stop_at, [this, main = loop.current_fiber()] {
        world_.stop_asked = true;
        main->cancel("stopped", std::source_location::current());
      }));
      break;
    case Stop::interrupt:
    case Stop::stop_and_close:
    case Stop::stop_and_destroy:
      stop.emplace(loop.call_later(program.stop_at, [this] { stop_loop(); }));
      break;
  }
  co_await perform(program.main);
}

Task<> Interpreter::pause(const Step& step) {
  co_await sleep(step.time);
}

Task<> Interpreter::yield(const Step&) {
  co_await sleep(milliseconds(0));
}

Task<> Interpreter::fail(const Step& step) {
  world_.ledger.fail(step.pick);
  co_return;
}

Task<> Interpreter::sequence(const Step& step) {
  for (const Step& inner : step.branches) co_await perform(inner);
}

Task<> Interpreter::catch_errors(const Step& step) {
  try {
    co_await sequence(step);
  } catch (...) {
    if (!world_.ledger.receive(std::current_exception())) throw;
  }
}

Task<> Interpreter::group(const Step& step) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    if (step.pick % 2 == 0) {
      ++world_.cleanups_due;
      group.on_exit([this, &step] { return clean_up(step.pick / 2); });
    }
    if (step.pick % 7 == 3) {
      ++world_.cleanups_due;
      group.on_exit([this] { return clean_up_for_ever(); }, milliseconds(2));
    }
    for (const Step& inner : step.branches) world_.tasks.push_back(group.spawn(perform(inner)));
    if (step.pick % 3 == 0) co_await perform(step.branches.front());
    if (step.pick % 5 == 0) {
      co_await sleep(step.time);
      group.cancel();
    }
  });
}

Task<> Interpreter::gather_all(const Step& step) {
  co_await gather(branches(step));
}

Task<> Interpreter::gather_outcomes(const Step& step) {
  const auto outcomes = co_await gather(return_exceptions, branches(step));
  for (const auto& outcome : outcomes) {
    if (!outcome.ok()) world_.ledger.receive(outcome.error());
  }
}

Task<> Interpreter::wait_for_branches(const Step& step) {
  std::optional<Clock::duration> limit;
  if (step.pick % 2 == 0) limit = step.time;
  const auto when = static_cast<ReturnWhen>(step.pick / 2 % 3);
  const auto result = co_await rondo::wait(branches(step), when, limit);
  for (const auto& side : {result.done, result.pending}) {
    for (const auto& task : side) {
      if (const auto error = task.exception()) world_.ledger.receive(error);
    }
  }
}

Task<> Interpreter::take_as_completed(const Step& step) {
  co_await as_completed(branches(step), [&](Completions<void>& completions) -> Task<> {
    for (unsigned rest = step.pick % 4; rest > 0 && completions.has_next(); --rest) {
      try {
        co_await completions.next();
      } catch (...) {
        if (step.pick % 8 < 4 || !world_.ledger.receive(std::current_exception())) throw;
      }
    }
  });
}

Task<> Interpreter::with_timeout(const Step& step) {
  try {
    co_await timeout(step.time, sequence(step));
  } catch (const TimeoutError&) {
    world_.ledger.receive_timeout(std::current_exception());
  }
}

Task<> Interpreter::with_shield(const Step& step) {
  co_await shield(sequence(step));
}

Task<> Interpreter::with_scope(const Step& step) {
  CancelScope scope;
  const KnownScope known(world_, scope);
  if (step.pick % 2 == 0) scope.set_deadline(step.time);
  try {
    co_await sequence(step);
  } catch (const Cancelled&) {
    if (!scope.is_cancelled() || scope.is_cancelled_outside()) throw;
  }
}

Task<> Interpreter::fail_when_cancelled(const Step& step) {
  try {
    co_await sequence(step);
  } catch (const Cancelled&) {
    world_.ledger.fail(step.pick);
  }
}

Task<> Interpreter::linger_when_cancelled(const Step& step) {
  std::exception_ptr cancelled;
  try {
    co_await sequence(step);
  } catch (const Cancelled&) {
    cancelled = std::current_exception();
    ++world_.cleanups_due;
  }
  if (cancelled == nullptr) co_return;
  co_await shield(clean_up(step.pick));
  std::rethrow_exception(cancelled);
}

Task<> Interpreter::swallow_cancellation(const Step& step) {
  try {
    co_await sequence(step);
  } catch (const Cancelled&) {
    co_return;
  }
}

}  // namespace rondo::lifecycle
