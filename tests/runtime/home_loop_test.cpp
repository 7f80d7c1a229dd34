// Who may use a primitive, and from where (docs/design.md §5, L5).

#include "rondo/runtime/home_loop.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <new>
#include <thread>

#include "rondo/runtime/barrier.hpp"
#include "rondo/runtime/condition.hpp"
#include "rondo/runtime/event.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/queue.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::MatchesRegex;

/// One of each, and all that can be asked of them.
struct Primitives {
  Lock lock;
  Event event;
  Semaphore semaphore{1};
  Condition condition;
  Queue<int> queue;
  Barrier barrier{1};

  /// Waits on each, in a way that does not suspend.
  Task<> settle() {
    const auto guard = co_await lock.acquire();
    event.set();
    co_await event.wait();
    const auto permit = co_await semaphore.hold();
    const auto held = co_await condition.acquire();
    co_await condition.wait_for([] { return true; });
    EXPECT_THROW(co_await timeout(1ms, condition.wait()), TimeoutError);
    co_await queue.join();
    co_await barrier.wait();
  }

  std::vector<std::function<Task<>()>> waits() {
    return {
        [this]() -> Task<> { const auto guard = co_await lock.acquire(); },
        [this]() -> Task<> { co_await event.wait(); },
        [this]() -> Task<> { co_await semaphore.acquire(); },
        [this]() -> Task<> { const auto permit = co_await semaphore.hold(); },
        [this]() -> Task<> { const auto guard = co_await condition.acquire(); },
        [this]() -> Task<> { co_await condition.wait(); },
        [this]() -> Task<> { co_await queue.put(1); },
        [this]() -> Task<> { co_await queue.get(); },
        [this]() -> Task<> { co_await queue.join(); },
        [this]() -> Task<> { co_await barrier.wait(); },
    };
  }

  std::vector<std::function<void()>> calls() {
    return {
        [this] { static_cast<void>(lock.try_acquire()); },
        [this] { lock.release(); },
        [this] { event.set(); },
        [this] { event.clear(); },
        [this] { static_cast<void>(semaphore.try_acquire()); },
        [this] { semaphore.release(); },
        [this] { condition.notify(); },
        [this] { condition.notify_all(); },
        [this] { queue.put_nowait(1); },
        [this] { queue.get_nowait(); },
        [this] { queue.close(); },
        [this] { queue.task_done(); },
        [this] { barrier.abort(); },
        [this] { barrier.reset(); },
    };
  }
};

class HomeLoopTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(HomeLoopTest);

TEST_P(HomeLoopTest, UnderAnotherLoopEveryCallThrows) {
  Primitives primitives;
  run(primitives.settle());
  auto amain = [&]() -> Task<> {
    for (const auto& call : primitives.calls()) EXPECT_THROW(call(), WrongLoopError);
    for (const auto& wait : primitives.waits()) EXPECT_THROW(co_await wait(), WrongLoopError);
  };
  run(amain());
}

TEST_P(HomeLoopTest, TheErrorNamesThePrimitiveAndBothLoops) {
  Event event;
  const auto line = std::source_location::current().line();
  EventLoop home(options());
  EventLoop other(options());
  event.set();
  home.run_until_complete(event.wait());
  const auto place = [&](unsigned below) {
    return "home_loop_test.cpp:" + std::to_string(line + below);
  };
  const auto error_under = [](EventLoop& loop, Task<> wait) {
    try {
      loop.run_until_complete(std::move(wait));
    } catch (const WrongLoopError& error) {
      return error;
    }
    return WrongLoopError("no exception");
  };
  const WrongLoopError open = error_under(other, event.wait());
  EXPECT_EQ(open.what(), "Event created at " + place(-1U) +
                             " belongs to the event loop created at " + place(1) +
                             ", and was used under that created at " + place(2));
  EXPECT_EQ(open.details(), "");
  home.close();
  const WrongLoopError closed = error_under(other, event.wait());
  EXPECT_STREQ(closed.what(), open.what());
  EXPECT_THAT(closed.details(),
              MatchesRegex("Event loop is closed: by close\\(\\) at home_loop_test.cpp:[0-9]+ on "
                           "thread 'main', [0-9.]+ s ago; Event created at .* belonged to it"));
}

TEST_P(HomeLoopTest, ALaterLoopAtTheSameAddressIsAnotherLoop) {
  Event event;
  event.set();
  alignas(EventLoop) std::byte place[sizeof(EventLoop)];
  for (const bool is_first : {true, false}) {
    auto* const loop = new (place) EventLoop(options());
    if (is_first) {
      loop->run_until_complete(event.wait());
    } else {
      EXPECT_THROW(loop->run_until_complete(event.wait()), WrongLoopError);
    }
    std::destroy_at(loop);
  }
}

TEST_P(HomeLoopTest, OnAnotherThreadEveryCallThrowsWhileTheHomeIsOpen) {
  Primitives primitives;
  auto misuse = [&] {
    for (const auto& call : primitives.calls()) EXPECT_THROW(call(), WrongThreadError);
  };
  auto amain = [&]() -> Task<> {
    co_await primitives.settle();
    co_await to_thread(std::ref(misuse));
  };
  run(amain());
}

TEST_P(HomeLoopTest, UnderAnotherThreadsLoopItIsTheLoopThatIsWrong) {
  Event event;
  auto amain = [&]() -> Task<> {
    event.set();
    co_await event.wait();
    auto elsewhere = [&] {
      EventLoop loop(real_time_options());
      EXPECT_THROW(loop.run_until_complete(event.wait()), WrongLoopError);
      auto set = [&]() -> Task<> {
        event.set();
        co_return;
      };
      EXPECT_THROW(loop.run_until_complete(set()), WrongLoopError);
    };
    co_await to_thread(std::ref(elsewhere));
  };
  run(amain());
}

TEST_P(HomeLoopTest, BeforeTheFirstWaitThereIsNoHome) {
  Semaphore semaphore(1);
  Event event;
  auto use = [&]() -> Task<> {
    EXPECT_TRUE(semaphore.try_acquire());
    semaphore.release();
    event.set();
    event.clear();
    co_return;
  };
  run(use());
  run(use());
  auto wait = [&]() -> Task<> {
    event.set();
    co_await event.wait();
  };
  run(wait());
  EXPECT_THROW(run(wait()), WrongLoopError);
}

TEST_P(HomeLoopTest, BetweenTwoRunsOfItsLoopAPrimitiveCanBeUsed) {
  EventLoop loop(options());
  Event event;
  auto wait = [&]() -> Task<> { co_await event.wait(); };
  loop.stop();
  EXPECT_THROW(loop.run_until_complete(wait()), InvalidStateError);
  event.set();
  loop.run_until_complete(wait());
}

TEST_P(HomeLoopTest, AfterItsLoopAPrimitiveStillGivesWhatNeedsNoLoop) {
  Queue<int> queue(1);
  auto amain = [&]() -> Task<> { co_await queue.put(4); };
  run(amain());
  EXPECT_EQ(queue.get_nowait(), 4);
  queue.put_nowait(5);
  queue.close();
  EXPECT_EQ(queue.get_nowait(), 5);
}

TEST_P(HomeLoopTest, AfterItsLoopNobodyWhoWasAbandonedIsWoken) {
  // Never destroyed, so that the frames which are abandoned in it stay reachable.
  static auto* const abandoned = new std::vector<std::unique_ptr<Primitives>>;
  abandoned->push_back(std::make_unique<Primitives>());
  Primitives& primitives = *abandoned->back();
  std::unique_ptr<Lock::Guard> guard;
  auto hold = [&]() -> Task<> {
    guard = std::make_unique<Lock::Guard>(co_await primitives.lock.acquire());
  };
  auto wait_for_event = [&]() -> Task<> { co_await shield(primitives.event.wait()); };
  auto wait_for_lock = [&]() -> Task<> {
    auto acquire = [](Lock& lock) -> Task<> { const auto taken = co_await lock.acquire(); };
    co_await shield(acquire(primitives.lock));
  };
  auto loop_options = options();
  loop_options.shutdown_timeout = 1s;
  {
    EventLoop loop(loop_options);
    loop.run_until_complete(hold());
    loop.stop();
    EXPECT_THROW(loop.run_until_complete(wait_for_event()), InvalidStateError);
    loop.stop();
    EXPECT_THROW(loop.run_until_complete(wait_for_lock()), InvalidStateError);
  }
  EXPECT_EQ(reports_.size(), 1U);
  EXPECT_THROW(primitives.event.set(), LoopClosedError);
  EXPECT_THROW(primitives.lock.release(), LoopClosedError);
  guard.reset();  // a destructor does not throw, and wakes nobody either
  EXPECT_FALSE(primitives.lock.locked());
}

TEST_P(HomeLoopTest, OutsideOfATaskANotificationIsRefused) {
  Condition condition;
  EXPECT_THROW(condition.notify(), NoRunningLoopError);
  EXPECT_THROW(condition.notify_all(), NoRunningLoopError);
}

TEST_P(HomeLoopTest, AGuardDestroyedOnAnotherThreadTouchesNothing) {
  Lock lock;
  auto amain = [&]() -> Task<> {
    auto guard = std::make_unique<Lock::Guard>(co_await lock.acquire());
    auto destroy = [&] { guard.reset(); };
    co_await to_thread(std::ref(destroy));
    EXPECT_TRUE(lock.locked());
    lock.release();
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
