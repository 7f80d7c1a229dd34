#include "rondo/runtime/semaphore.hpp"

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

class SemaphoreTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(SemaphoreTest);

TEST_P(SemaphoreTest, LetsAsManyInAsThereArePermits) {
  Semaphore semaphore(3);
  int inside = 0;
  int most = 0;
  auto visitor = [&]() -> Task<> {
    co_await semaphore.acquire();
    most = std::max(most, ++inside);
    co_await sleep(1s);
    --inside;
    semaphore.release();
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<>> visitors;
    for (int i = 0; i < 10; ++i) visitors.push_back(visitor());
    co_await gather(std::move(visitors));
  };
  run(amain());
  EXPECT_EQ(most, 3);
  EXPECT_EQ(time_.elapsed(), 4s);
  EXPECT_FALSE(semaphore.locked());
}

TEST_P(SemaphoreTest, ServesInTheOrderOfArrival) {
  Semaphore semaphore(1);
  std::string order;
  auto visitor = [&](char name) -> Task<> {
    co_await semaphore.acquire();
    order += name;
    co_await sleep(1s);
    semaphore.release();
  };
  auto amain = [&]() -> Task<> {
    co_await gather(visitor('a'), visitor('b'), visitor('c'), visitor('d'));
  };
  run(amain());
  EXPECT_EQ(order, "abcd");
}

TEST_P(SemaphoreTest, AReleasedPermitCannotBeSnatchedFromTheFirstWaiter) {
  Semaphore semaphore(1);
  std::string order;
  auto waiter = [&]() -> Task<> {
    co_await semaphore.acquire();
    order += 'w';
    semaphore.release();
  };
  auto amain = [&]() -> Task<> {
    co_await semaphore.acquire();
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(waiter);
      co_await sleep(0s);
      semaphore.release();
      EXPECT_FALSE(semaphore.try_acquire());
      co_await semaphore.acquire();
      order += 'm';
    });
  };
  run(amain());
  EXPECT_EQ(order, "wm");
}

TEST_P(SemaphoreTest, TriesWithoutWaiting) {
  Semaphore semaphore(1);
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_TRUE(semaphore.locked());
  semaphore.release();
  EXPECT_TRUE(semaphore.try_acquire());
}

TEST_P(SemaphoreTest, ACancelledWaiterTakesNoPermitWithIt) {
  Semaphore semaphore(0);
  auto acquire = [&]() -> Task<> { co_await semaphore.acquire(); };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, acquire()), TimeoutError);
    semaphore.release();
    EXPECT_TRUE(semaphore.try_acquire());
  };
  run(amain());
}

TEST_P(SemaphoreTest, AWaiterCancelledBeforeTheReleaseInTheSameTurnLeavesThePermitToTheNext) {
  Semaphore semaphore(0);
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    co_await semaphore.acquire();
    order += name;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(waiter, 'a');
      group.spawn(waiter, 'b');
      co_await sleep(0s);
      first.cancel();
      semaphore.release();
    });
  };
  run(amain());
  EXPECT_EQ(order, "b");
  EXPECT_TRUE(semaphore.locked());
}

TEST_P(SemaphoreTest, AWaiterCancelledAfterTheReleaseInTheSameTurnHasItsPermit) {
  Semaphore semaphore(0);
  std::string order;
  auto waiter = [&]() -> Task<> {
    co_await semaphore.acquire();
    order += "acquired ";
    try {
      co_await sleep(1s);
    } catch (const Cancelled&) {
      order += "cancelled";
      semaphore.release();
      throw;
    }
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(waiter);
      co_await sleep(0s);
      semaphore.release();
      first.cancel();
    });
  };
  run(amain());
  EXPECT_EQ(order, "acquired cancelled");
  EXPECT_TRUE(semaphore.try_acquire());
}

TEST_P(SemaphoreTest, NoPermitIsLostInAThousandRacesOfReleaseAndCancellation) {
  Semaphore semaphore(2);
  int served = 0;
  auto visitor = [&](int i) -> Task<> {
    co_await sleep(std::chrono::milliseconds(i % 7));
    co_await semaphore.acquire();
    ++served;
    try {
      co_await sleep(std::chrono::milliseconds(i % 5));
    } catch (const Cancelled&) {
      semaphore.release();
      throw;
    }
    semaphore.release();
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 1000; ++i) {
        auto handle = group.spawn(visitor, i);
        get_running_loop().call_later(std::chrono::milliseconds(i % 11),
                                      [handle]() mutable { handle.cancel(); });
      }
      co_return;
    });
  };
  run(amain());
  EXPECT_GT(served, 0);
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire());
}

TEST_P(SemaphoreTest, InACancelledScopeAFreePermitIsTakenAndAWaitThrows) {
  Semaphore semaphore(1);
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    scope.cancel();
    co_await semaphore.acquire();
    EXPECT_THROW(co_await semaphore.acquire(), Cancelled);
    semaphore.release();
  };
  run(amain());
  EXPECT_TRUE(semaphore.try_acquire());
}

TEST_P(SemaphoreTest, DestroyedWithWaitersItThrowsToThem) {
  std::optional<Semaphore> semaphore;
  semaphore.emplace(0, std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  std::vector<std::string> texts;
  auto waiter = [&]() -> Task<> {
    try {
      co_await semaphore->acquire();
    } catch (const DestroyedError& error) {
      texts.emplace_back(error.what());
    }
  };
  auto holder = [&]() -> Task<> {
    EXPECT_THROW(static_cast<void>(co_await semaphore->hold()), DestroyedError);
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(waiter);
      group.spawn(waiter);
      group.spawn(holder);
      co_await sleep(1s);
      semaphore->release();  // the first is woken, and does not go on before the end
      semaphore.reset();
    });
  };
  run(amain());
  const std::string text = "Semaphore created at semaphore_test.cpp:" + line +
                           " was destroyed while a task waited on it";
  EXPECT_EQ(texts, std::vector<std::string>({text, text}));
}

TEST_P(SemaphoreTest, DestroyedWithAWaiterThatWasCancelledInTheSameTurnItLeavesItCancelled) {
  std::optional<Semaphore> semaphore(0);
  auto waiter = [&]() -> Task<> { co_await semaphore->acquire(); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(waiter);
      co_await sleep(1s);
      handle.cancel();
      semaphore.reset();
      co_await handle.wait();
      EXPECT_TRUE(handle.cancelled());
    });
  };
  run(amain());
}

TEST_P(SemaphoreTest, APermitIsGivenBackAtItsEndAndOnce) {
  Semaphore semaphore(1);
  auto amain = [&]() -> Task<> {
    {
      auto permit = co_await semaphore.hold();
      EXPECT_TRUE(semaphore.locked());
      Semaphore::Permit moved = std::move(permit);
      EXPECT_FALSE(permit);
      EXPECT_TRUE(moved);
    }
    EXPECT_FALSE(semaphore.locked());
    auto permit = co_await semaphore.hold();
    permit.release();
    permit.release();
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_FALSE(semaphore.try_acquire());
  };
  run(amain());
}

// httpcore #830 and #1093: each request that was cancelled while it waited took a place with it.
TEST_P(SemaphoreTest, NoPermitIsLostWhenWaitersUnderContentionAreCancelled) {
  Semaphore semaphore(2);
  int served = 0;
  auto visitor = [&](int i) -> Task<> {
    co_await sleep(std::chrono::milliseconds(i % 7));
    const auto permit = co_await semaphore.hold();
    ++served;
    co_await sleep(std::chrono::milliseconds(i % 5));
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 1000; ++i) {
        auto handle = group.spawn(visitor, i);
        get_running_loop().call_later(std::chrono::milliseconds(i % 11),
                                      [handle]() mutable { handle.cancel(); });
      }
      co_return;
    });
    EXPECT_GT(served, 0);
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_FALSE(semaphore.try_acquire());
  };
  run(amain());
}

// gh-90155 and gh-93197: a task that comes again overtook one that had waited.
TEST_P(SemaphoreTest, ATaskThatComesAgainQueuesBehindThoseWhoWait) {
  Semaphore semaphore(1);
  std::string order;
  auto visitor = [&](char name) -> Task<> {
    for (int i = 0; i < 3; ++i) {
      const auto permit = co_await semaphore.hold();
      order += name;
      co_await sleep(0s);
    }
  };
  auto amain = [&]() -> Task<> { co_await gather(visitor('a'), visitor('b'), visitor('c')); };
  run(amain());
  EXPECT_EQ(order, "abcabcabc");
}

TEST_P(SemaphoreTest, APermitMayOutliveItsSemaphoreAndItsLoop) {
  std::optional<Semaphore> semaphore(2);
  std::optional<Semaphore::Permit> first;
  std::optional<Semaphore::Permit> second;
  auto amain = [&]() -> Task<> {
    first = co_await semaphore->hold();
    second = co_await semaphore->hold();
  };
  run(amain());
  EXPECT_TRUE(semaphore->locked());
  first.reset();
  EXPECT_FALSE(semaphore->locked());
  semaphore.reset();
  EXPECT_FALSE(*second);
  second.reset();
}

TEST_P(SemaphoreTest, WaitQueueWakesOneOrAllInOrder) {
  detail::WaitQueue queue;
  std::string order;
  auto waiter = [&](char name) -> Task<> {
    co_await queue.wait();
    order += name;
  };
  auto amain = [&]() -> Task<> {
    EXPECT_FALSE(queue.wake_one());
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (const char name : {'a', 'b', 'c', 'd'}) group.spawn(waiter, name);
      co_await sleep(1s);
      EXPECT_FALSE(queue.empty());
      EXPECT_TRUE(queue.wake_one());
      co_await sleep(1s);
      EXPECT_EQ(order, "a");
      queue.wake_all();
      EXPECT_TRUE(queue.empty());
    });
  };
  run(amain());
  EXPECT_EQ(order, "abcd");
}

}  // namespace
}  // namespace rondo
