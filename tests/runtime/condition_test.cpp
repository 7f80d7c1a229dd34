#include "rondo/runtime/condition.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class ConditionTest : public OnEachBackend {
 protected:
  /// Takes the lock and wakes the first `count`.
  static Task<> notify(Condition& condition, std::size_t count) {
    const auto guard = co_await condition.acquire();
    condition.notify(count);
  }
};
RONDO_ON_EACH_BACKEND(ConditionTest);

TEST_P(ConditionTest, GivesTheLockUpForTheWaitAndHoldsItAfterwards) {
  Lock lock;
  Condition condition(lock);
  std::string order;
  auto waiter = [&]() -> Task<> {
    const auto guard = co_await lock.acquire();
    order += "wait ";
    co_await condition.wait();
    order += "woken ";
    EXPECT_TRUE(guard.owns_lock());
  };
  auto notifier = [&]() -> Task<> {
    co_await sleep(1s);
    EXPECT_FALSE(lock.locked());
    const auto guard = co_await lock.acquire();
    condition.notify();
    order += "notified ";
    co_await sleep(1s);  // the waiter needs the lock to go on
    order += "released ";
  };
  auto amain = [&]() -> Task<> { co_await gather(waiter(), notifier()); };
  run(amain());
  EXPECT_EQ(order, "wait notified released woken ");
  EXPECT_FALSE(lock.locked());
}

TEST_P(ConditionTest, NotifiesAsManyAsAskedInTheOrderOfArrival) {
  Condition condition;
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    const auto guard = co_await condition.acquire();
    co_await condition.wait();
    order += name;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (const char name : {'a', 'b', 'c', 'd', 'e'}) group.spawn(waiter, name);
      co_await sleep(1s);
      co_await notify(condition, 2);
      co_await sleep(1s);
      EXPECT_EQ(order, "ab");
      co_await notify(condition, 0);
      co_await sleep(1s);
      EXPECT_EQ(order, "ab");
      const auto guard = co_await condition.acquire();
      condition.notify_all();
    });
  };
  run(amain());
  EXPECT_EQ(order, "abcde");
  EXPECT_FALSE(condition.lock().locked());
}

TEST_P(ConditionTest, WaitsForAPredicateThroughWakeUpsThatAreNotMeantForIt) {
  Condition condition;
  int value = 0;
  auto waiter = [&]() -> Task<int> {
    const auto guard = co_await condition.acquire();
    co_await condition.wait_for([&] { return value >= 3; });
    EXPECT_TRUE(guard.owns_lock());
    co_return value;
  };
  auto counter = [&]() -> Task<> {
    for (int i = 0; i < 5; ++i) {
      co_await sleep(1s);
      const auto guard = co_await condition.acquire();
      ++value;
      condition.notify();
    }
  };
  auto amain = [&]() -> Task<> {
    const auto [seen, none] = co_await gather(waiter(), counter());
    EXPECT_EQ(seen, 3);
  };
  run(amain());
}

TEST_P(ConditionTest, SeveralConditionsShareALock) {
  Lock lock;
  Condition odd(lock);
  Condition even(lock);
  int value = 0;
  auto count = [&](Condition& own, Condition& other, int rest) -> Task<> {
    const auto guard = co_await lock.acquire();
    while (value < 10) {
      co_await own.wait_for([&] { return value % 2 == rest; });
      ++value;
      other.notify();
    }
  };
  auto amain = [&]() -> Task<> { co_await gather(count(odd, even, 1), count(even, odd, 0)); };
  run(amain());
  EXPECT_EQ(value, 11);
}

TEST_P(ConditionTest, NeedsTheLockHeldByThisTask) {
  Lock lock(std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  Condition condition(lock);
  EXPECT_THROW(condition.notify(), NoRunningLoopError);
  auto take = [&]() -> Task<> {
    const auto guard = co_await lock.acquire();
    co_await sleep(1s);
  };
  auto misuse = [&]() -> Task<> {
    const bool is_held_by_another = lock.locked();
    EXPECT_THROW(co_await condition.wait(), InvalidStateError);
    EXPECT_THROW(co_await condition.wait_for([] { return true; }), InvalidStateError);
    EXPECT_THROW(condition.notify_all(), InvalidStateError);
    EXPECT_EQ(lock.locked(), is_held_by_another);
    try {
      condition.notify();
    } catch (const InvalidStateError& error) {
      EXPECT_EQ(std::string(error.what()),
                "Condition::notify() needs the lock: Lock created at "
                "condition_test.cpp:" +
                    line + " is not held by this task");
    }
  };
  auto amain = [&]() -> Task<> {
    co_await misuse();
    co_await gather(take(), misuse());
  };
  run(amain());
}

// bpo-32841, gh-86766: a cancellation during the wait must not leave without the lock.
TEST_P(ConditionTest, ACancelledWaitHoldsTheLockAgainBeforeItThrows) {
  Condition condition;
  std::string order;
  auto waiter = [&]() -> Task<> {
    const auto guard = co_await condition.acquire();
    try {
      co_await condition.wait();
    } catch (const Cancelled&) {
      order += guard.owns_lock() ? "held " : "not held ";
      throw;
    }
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(waiter);
      co_await sleep(1s);
      auto guard = co_await condition.acquire();
      handle.cancel();
      co_await sleep(1s);  // a cancelled wait, too, waits for the lock
      EXPECT_FALSE(handle.done());
      order += "released ";
      guard.release();
    });
  };
  run(amain());
  EXPECT_EQ(order, "released held ");
  EXPECT_FALSE(condition.lock().locked());
}

// gh-112202, bpo-22970, anyio #1075: the notification went down with a waiter that was cancelled.
TEST_P(ConditionTest, ANotificationIsNotLostToACancellationInTheSameTurn) {
  for (const bool cancels_first : {true, false}) {
    Condition condition;
    std::string order;
    auto waiter = [&](char name) -> Task<> {
      const auto guard = co_await condition.acquire();
      co_await condition.wait();
      order += name;
    };
    auto amain = [&]() -> Task<> {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        auto first = group.spawn(waiter, 'a');
        auto second = group.spawn(waiter, 'b');
        co_await sleep(1s);
        auto guard = co_await condition.acquire();
        if (cancels_first) first.cancel();
        condition.notify();
        if (!cancels_first) first.cancel();
        guard.release();
        co_await sleep(1s);
        EXPECT_EQ(order, cancels_first ? "b" : "a");
        second.cancel();
      });
    };
    run(amain());
    EXPECT_FALSE(condition.lock().locked());
  }
}

TEST_P(ConditionTest, AWaiterCancelledWhileItWaitsForTheLockKeepsItsNotification) {
  Condition condition;
  int items = 0;
  auto consumer = [&]() -> Task<> {
    const auto guard = co_await condition.acquire();
    co_await condition.wait_for([&] { return items > 0; });
    --items;
    co_await sleep(1s);  // the cancellation is met here
    ADD_FAILURE();
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(consumer);
      co_await sleep(1s);
      auto guard = co_await condition.acquire();
      items = 1;
      condition.notify();
      co_await sleep(1s);
      handle.cancel();
      co_await sleep(1s);
      guard.release();
      co_await handle.wait();
      EXPECT_TRUE(handle.cancelled());
    });
  };
  run(amain());
  EXPECT_EQ(items, 0);
  EXPECT_FALSE(condition.lock().locked());
}

TEST_P(ConditionTest, ATaskThatIsCancelledAlreadyDoesNotGiveTheLockUp) {
  Condition condition;
  auto amain = [&]() -> Task<> {
    const auto guard = co_await condition.acquire();
    CancelScope scope;
    scope.cancel();
    EXPECT_THROW(co_await condition.wait(), Cancelled);
    EXPECT_TRUE(guard.owns_lock());
  };
  run(amain());
}

TEST_P(ConditionTest, NoNotificationAndNoLockIsLostInAThousandRaces) {
  Condition condition;
  int items = 0;
  int produced = 0;
  int consumed = 0;
  auto consumer = [&]() -> Task<> {
    const auto guard = co_await condition.acquire();
    co_await condition.wait_for([&] { return items > 0; });
    --items;
    ++consumed;
  };
  auto producer = [&](int i) -> Task<> {
    co_await sleep(std::chrono::milliseconds(i % 13));
    const auto guard = co_await condition.acquire();
    ++items;
    ++produced;
    condition.notify();
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 1000; ++i) {
        auto handle = group.spawn(consumer);
        get_running_loop().call_later(std::chrono::milliseconds(i % 11),
                                      [handle]() mutable { handle.cancel(); });
        group.spawn(producer, i);
      }
      co_await sleep(1s);
      for (int i = consumed; i < produced; ++i) group.spawn(consumer);
    });
  };
  run(amain());
  EXPECT_EQ(produced, 1000);
  EXPECT_EQ(consumed, 1000);
  EXPECT_EQ(items, 0);
  EXPECT_FALSE(condition.lock().locked());
}

TEST_P(ConditionTest, DestroyedWithWaitersItThrowsToThemAndTheyHoldTheLock) {
  Lock lock;
  std::optional<Condition> condition;
  condition.emplace(lock, std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  std::string text;
  auto waiter = [&]() -> Task<> {
    const auto guard = co_await lock.acquire();
    try {
      co_await condition->wait();
    } catch (const DestroyedError& error) {
      text = error.what();
      EXPECT_TRUE(guard.owns_lock());
    }
  };
  auto destroy = [&]() -> Task<> {
    co_await sleep(1s);
    condition.reset();
  };
  auto amain = [&]() -> Task<> { co_await gather(waiter(), destroy()); };
  run(amain());
  EXPECT_EQ(text, "Condition created at condition_test.cpp:" + line +
                      " was destroyed while a task waited on it");
  EXPECT_FALSE(lock.locked());
}

TEST_P(ConditionTest, DestroyedWithItsLockItThrowsToAllWhoWaitForEither) {
  std::optional<Condition> condition(std::in_place);
  int refused = 0;
  auto waiter = [&](bool waits) -> Task<> {
    try {
      const auto guard = co_await condition->acquire();
      if (waits) co_await condition->wait();
      co_await sleep(1s);
    } catch (const DestroyedError&) {
      ++refused;
    }
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(waiter, true);   // is notified, and gets the lock no more
      group.spawn(waiter, true);   // is not notified
      group.spawn(waiter, false);  // holds the lock to the end
      group.spawn(waiter, false);  // waits for the lock
      co_await sleep(500ms);
      EXPECT_TRUE(condition->lock().locked());
      condition.reset();
    });
  };
  run(amain());
  EXPECT_EQ(refused, 3);
}

}  // namespace
}  // namespace rondo
