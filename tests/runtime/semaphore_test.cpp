#include "rondo/runtime/semaphore.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "rondo/runtime/gather.hpp"
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

TEST_P(SemaphoreTest, OneThatEndsBeforeItsWaitersLeavesThemCancellable) {
  std::optional<Semaphore> semaphore(0);
  auto waiter = [&]() -> Task<> { co_await semaphore->acquire(); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(waiter);
      co_await sleep(1s);
      semaphore.reset();
      group.cancel();
    });
  };
  run(amain());
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
