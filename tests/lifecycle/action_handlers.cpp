// The actions that end elsewhere: in callbacks, threads, clean-ups and other tasks.

#include <chrono>
#include <thread>
#include <utility>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run_coroutine_threadsafe.hpp"
#include "rondo/runtime/run_on.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/to_thread.hpp"
#include "rondo/runtime/with.hpp"

#include "interpreter.hpp"
#include "tests/runtime/loop_thread.hpp"

namespace rondo::lifecycle {

class Interpreter::Resource {
 public:
  Resource(Interpreter& interpreter, unsigned pick) : interpreter_(interpreter), pick_(pick) {}
  Task<> close() { return interpreter_.clean_up(pick_); }

 private:
  Interpreter& interpreter_;
  unsigned pick_;
};

Task<> Interpreter::clean_up(unsigned pick) {
  ++world_.cleanups_begun;
  co_await sleep(milliseconds(pick % 4));
  if (pick % 5 == 0) world_.ledger.fail(pick);
}

Task<> Interpreter::clean_up_for_ever() {
  ++world_.cleanups_begun;
  try {
    co_await sleep(std::chrono::hours(1));
  } catch (const Cancelled&) {
    world_.ledger.expect_overrun();
    throw;
  }
}

Task<> Interpreter::refuse_to_end() {
  ++world_.refusing;
  co_await shield(never_released().acquire());
}

Task<> Interpreter::refuse(const Step& step) {
  // Whoever waits for such a task waits for ever: only the end of the loop goes on without it.
  const bool may_hold_main = world_.program.stop >= Stop::stop_and_close;
  if (may_hold_main && step.pick % 2 == 0) {
    co_await refuse_to_end();
    co_return;
  }
  world_.detached.push_back(
      run_coroutine_threadsafe(get_running_loop().handle(), [this] { return refuse_to_end(); }));
}

Task<> Interpreter::fail_in_callback(const Step& step) {
  EventLoop& loop = get_running_loop();
  const auto callback = [this, &step] { world_.ledger.fail(step.pick); };
  switch (step.pick % 3) {
    case 0:
      loop.call_soon(callback);
      break;
    case 1:
      loop.call_later(step.time, callback);
      break;
    default:
      loop.call_soon_threadsafe(callback);
  }
  co_return;
}

Task<> Interpreter::cancel_scope(const Step& step) {
  if (!world_.scopes.empty()) world_.scopes[step.pick % world_.scopes.size()]->cancel();
  co_return;
}

Task<> Interpreter::cancel_task(const Step& step) {
  if (!world_.tasks.empty()) world_.tasks[step.pick % world_.tasks.size()].cancel();
  co_return;
}

Task<> Interpreter::leave_in_background(const Step& step) {
  ++world_.cleanups_due;
  get_running_loop().finish_in_background(clean_up(step.pick));
  co_return;
}

Task<> Interpreter::detach(const Step& step) {
  world_.detached.push_back(run_coroutine_threadsafe(get_running_loop().handle(),
                                                     [this, &step] { return sequence(step); }));
  co_return;
}

Task<> Interpreter::hop(const Step& step) {
  if (peers_.empty()) {
    co_await sequence(step);
    co_return;
  }
  const Peer& peer = peers_[step.pick % peers_.size()];
  try {
    co_await run_on(peer.loop, [&peer, &step] { return peer.interpreter->sequence(step); });
  } catch (const LoopClosedError&) {
    co_return;
  }
}

Task<> Interpreter::call_thread(const Step& step) {
  co_await to_thread([this, &step] {
    if (step.pick % 4 == 0)
      std::this_thread::sleep_for(std::chrono::microseconds(step.pick % 2000));
    if (step.pick % 3 == 0) world_.ledger.fail(step.pick);
  });
}

Task<> Interpreter::with_resource(const Step& step) {
  Resource resource(*this, step.pick);
  ++world_.cleanups_due;
  co_await with(resource, [&](Resource&) { return sequence(step); });
}

}  // namespace rondo::lifecycle
