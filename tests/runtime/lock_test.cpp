#include "rondo/runtime/lock.hpp"

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

class LockTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(LockTest);

TEST_P(LockTest, LetsOneInAtATimeInTheOrderOfArrival) {
  Lock lock;
  std::string order;
  auto visitor = [&](char name) -> Task<> {
    const auto guard = co_await lock.acquire();
    order += name;
    co_await sleep(1s);
    order += name;
  };
  auto amain = [&]() -> Task<> { co_await gather(visitor('a'), visitor('b'), visitor('c')); };
  run(amain());
  EXPECT_EQ(order, "aabbcc");
  EXPECT_EQ(time_.elapsed(), 3s);
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, TheGuardOrTheLockGivesItBackEarlyAndOnce) {
  Lock lock;
  auto amain = [&]() -> Task<> {
    auto guard = co_await lock.acquire();
    EXPECT_TRUE(guard.owns_lock());
    guard.release();
    EXPECT_FALSE(lock.locked());
    EXPECT_FALSE(guard.owns_lock());
    guard.release();

    auto second = co_await lock.acquire();
    lock.release();
    EXPECT_FALSE(second);
    const auto third = co_await lock.acquire();
    second = Lock::Guard();  // what it held has long been released: the third stays
    EXPECT_TRUE(third);
    EXPECT_TRUE(lock.locked());
  };
  run(amain());
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, AMovedGuardKeepsTheLockUntilItsNewEnd) {
  Lock lock;
  auto amain = [&]() -> Task<> {
    std::optional<Lock::Guard> kept;
    {
      auto guard = co_await lock.acquire();
      kept.emplace(std::move(guard));
    }
    EXPECT_TRUE(lock.locked());
    Lock other;
    auto another = co_await other.acquire();
    another = std::move(*kept);
    EXPECT_FALSE(other.locked());
    EXPECT_TRUE(another.owns_lock());
    kept.reset();
    EXPECT_TRUE(lock.locked());
  };
  run(amain());
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, TriesWithoutWaiting) {
  Lock lock;
  {
    const auto guard = lock.try_acquire();
    EXPECT_TRUE(guard);
    EXPECT_FALSE(lock.try_acquire());
  }
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, CannotBeSnatchedFromTheFirstWaiter) {
  Lock lock;
  std::string order;
  auto waiter = [&]() -> Task<> {
    const auto guard = co_await lock.acquire();
    order += 'w';
  };
  auto amain = [&]() -> Task<> {
    auto guard = co_await lock.acquire();
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(waiter);
      co_await sleep(0s);
      guard.release();
      EXPECT_TRUE(lock.locked());
      EXPECT_FALSE(lock.try_acquire());
      const auto again = co_await lock.acquire();
      order += 'm';
    });
  };
  run(amain());
  EXPECT_EQ(order, "wm");
}

TEST_P(LockTest, IsRefusedToItsOwnHolderWhoWouldWaitForItself) {
  Lock lock;
  const auto line = std::to_string(std::source_location::current().line() - 1);
  std::string text;
  auto amain = [&]() -> Task<> {
    const auto guard = co_await lock.acquire();
    try {
      const auto again = co_await lock.acquire();
    } catch (const InvalidStateError& error) {
      text = error.what();
    }
    EXPECT_TRUE(guard.owns_lock());
  };
  run(amain());
  EXPECT_EQ(text, "Lock created at lock_test.cpp:" + line +
                      " is held by the task that acquires it: it would wait for itself");
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, TakesNoLaterTaskForItsHolder) {
  Lock lock;
  std::optional<Lock::Guard> kept;
  auto take = [&]() -> Task<> { kept = co_await lock.acquire(); };
  auto wait = [&]() -> Task<> { const auto guard = co_await lock.acquire(); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(take());
      co_await first.wait();
    });
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(wait());  // its frame has the address of the first one's
      co_await sleep(1s);
      kept.reset();
    });
  };
  run(amain());
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, ReleasingWhatNobodyHoldsIsRefused) {
  Lock lock;
  EXPECT_THROW(lock.release(), InvalidStateError);
  EXPECT_FALSE(lock.locked());
}

// bpo-27585: the lock was free while its next holder had not run yet, and that one was cancelled.
TEST_P(LockTest, AWaiterCancelledAfterTheReleaseInTheSameTurnHasTheLockAndPassesItOn) {
  Lock lock;
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    const auto guard = co_await lock.acquire();
    order += name;
    co_await sleep(1s);
    order += '!';
  };
  auto amain = [&]() -> Task<> {
    auto guard = co_await lock.acquire();
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(waiter, 'a');
      group.spawn(waiter, 'b');
      co_await sleep(0s);
      guard.release();
      first.cancel();
    });
  };
  run(amain());
  EXPECT_EQ(order, "ab!");
  EXPECT_FALSE(lock.locked());
}

// bpo-32734, anyio #387 and #1145: a cancelled waiter was handed the lock, or kept the next from
// it.
TEST_P(LockTest, AWaiterCancelledBeforeTheReleaseInTheSameTurnLeavesTheLockToTheNext) {
  Lock lock;
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    const auto guard = co_await lock.acquire();
    order += name;
  };
  auto amain = [&]() -> Task<> {
    auto guard = co_await lock.acquire();
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(waiter, 'a');
      co_await sleep(0s);
      group.spawn(waiter, 'b');  // arrives after the release, while the first is still leaving
      first.cancel();
      guard.release();
      EXPECT_FALSE(lock.locked());
    });
  };
  run(amain());
  EXPECT_EQ(order, "b");
  EXPECT_FALSE(lock.locked());
}

// anyio #398: what `acquire` gave was lost with the frame between it and the block.
TEST_P(LockTest, ATimeOutAroundTheAcquisitionNeverKeepsTheLock) {
  Lock lock;
  auto amain = [&]() -> Task<> {
    auto guard = co_await lock.acquire();
    auto late = [&]() -> Task<> {
      EXPECT_THROW(static_cast<void>(co_await timeout(1s, lock.acquire())), TimeoutError);
    };
    auto just = [&]() -> Task<> {
      co_await sleep(1s);
      guard.release();
    };
    co_await gather(late(), just());
    EXPECT_FALSE(lock.locked());
    const auto again = co_await timeout(1s, lock.acquire());
    EXPECT_TRUE(again);
  };
  run(amain());
}

TEST_P(LockTest, InACancelledScopeAFreeLockIsTakenAndAWaitThrows) {
  Lock lock;
  auto acquire = [&]() -> Task<> { const auto guard = co_await lock.acquire(); };
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    scope.cancel();
    const auto guard = co_await lock.acquire();
    EXPECT_TRUE(guard);
    co_await gather(return_exceptions, acquire());
  };
  EXPECT_THROW(run(amain()), Cancelled);
  EXPECT_FALSE(lock.locked());
}

TEST_P(LockTest, DestroyedWithWaitersItThrowsToThemAndItsGuardIsEmpty) {
  std::optional<Lock> lock;
  lock.emplace(std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  std::vector<std::string> texts;
  auto waiter = [&]() -> Task<> {
    try {
      const auto guard = co_await lock->acquire();
    } catch (const DestroyedError& error) {
      texts.emplace_back(error.what());
    }
  };
  auto amain = [&]() -> Task<> {
    auto guard = co_await lock->acquire();
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(waiter);
      group.spawn(waiter);
      co_await sleep(0s);
      guard.release();  // the first is woken, and does not go on before the end of the lock
      lock.reset();
      EXPECT_FALSE(guard.owns_lock());
    });
  };
  run(amain());
  const std::string text =
      "Lock created at lock_test.cpp:" + line + " was destroyed while a task waited on it";
  EXPECT_EQ(texts, std::vector<std::string>({text, text}));
}

TEST_P(LockTest, AGuardMayOutliveItsLockAndItsLoop) {
  std::optional<Lock> lock(std::in_place);
  std::optional<Lock::Guard> kept;
  auto amain = [&]() -> Task<> { kept = co_await lock->acquire(); };
  run(amain());
  EXPECT_TRUE(lock->locked());
  lock.reset();
  EXPECT_FALSE(kept->owns_lock());
  kept.reset();
}

}  // namespace
}  // namespace rondo
