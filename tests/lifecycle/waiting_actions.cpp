// The actions that wait for other tasks. What the primitives themselves throw is met where they are
// used; errors of the steps inside go on.

#include <utility>

#include "rondo/base/error.hpp"

#include "interpreter.hpp"

namespace rondo::lifecycle {

Task<> Interpreter::with_lock(const Step& step) {
  Lock& lock = world_.locks.at(step.pick % world_.locks.size());
  Lock::Guard guard;
  try {
    guard = co_await lock.acquire();
  } catch (const Error&) {
    // The task holds it already.
  }
  co_await sequence(step);
}

Task<> Interpreter::with_permit(const Step& step) {
  const Semaphore::Permit permit = co_await world_.semaphore.hold();
  co_await sequence(step);
}

Task<> Interpreter::wait_for_event(const Step& step) {
  co_await world_.events.at(step.pick % world_.events.size()).wait();
}

Task<> Interpreter::toggle_event(const Step& step) {
  Event& event = world_.events.at(step.pick % world_.events.size());
  if (event.is_set()) {
    event.clear();
  } else {
    event.set();
  }
  co_return;
}

Task<> Interpreter::wait_for_condition(const Step&) {
  try {
    const Lock::Guard guard = co_await world_.condition.acquire();
    co_await world_.condition.wait();
  } catch (const Error&) {
    co_return;  // the task holds the lock already
  }
}

Task<> Interpreter::notify_condition(const Step& step) {
  try {
    const Lock::Guard guard = co_await world_.condition.acquire();
    world_.condition.notify(1 + step.pick % 3);
  } catch (const Error&) {
    co_return;
  }
}

Task<> Interpreter::put_into_queue(const Step& step) {
  try {
    co_await world_.queue.put(static_cast<int>(step.pick));
  } catch (const Error&) {
    co_return;  // it is closed
  }
}

Task<> Interpreter::get_from_queue(const Step&) {
  try {
    static_cast<void>(co_await world_.queue.get());
  } catch (const Error&) {
    co_return;
  }
}

Task<> Interpreter::close_queue(const Step& step) {
  if (step.pick % 8 == 0) world_.queue.close();
  co_return;
}

Task<> Interpreter::meet_at_barrier(const Step& step) {
  if (step.pick % 16 == 0) world_.barrier.abort();
  if (step.pick % 16 == 1) world_.barrier.reset();
  try {
    static_cast<void>(co_await world_.barrier.wait());
  } catch (const Error&) {
    co_return;  // it is broken
  }
}

}  // namespace rondo::lifecycle
