#include "rondo/runtime/cancel_scope.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class CancelScopeTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(CancelScopeTest);

/// Whether an await that suspends throws `Cancelled` here.
Task<bool> is_cancelled_here() {
  try {
    co_await sleep(1ms);
    co_return false;
  } catch (const Cancelled&) {
    co_return true;
  }
}

TEST_P(CancelScopeTest, ThrowsAgainAndAgainUntilItIsLeft) {
  auto amain = []() -> Task<> {
    {
      CancelScope scope;
      EXPECT_FALSE(co_await is_cancelled_here());
      scope.cancel();
      for (int i = 0; i < 5; ++i) EXPECT_TRUE(co_await is_cancelled_here());
    }
    EXPECT_FALSE(co_await is_cancelled_here());
  };
  run(amain());
}

TEST_P(CancelScopeTest, AnAwaitThatNeedNotWaitDoesNotThrow) {
  auto value = []() -> Task<int> { co_return 3; };
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    scope.cancel();
    Semaphore semaphore(1);
    co_await semaphore.acquire();
    EXPECT_EQ(co_await value(), 3);
    EXPECT_TRUE(semaphore.locked());
  };
  run(amain());
}

TEST_P(CancelScopeTest, AnOuterCancellationReachesInnerScopesAndNotTheOtherWayRound) {
  auto amain = []() -> Task<> {
    CancelScope outer;
    {
      CancelScope inner;
      inner.cancel();
      EXPECT_TRUE(inner.is_cancelled());
      EXPECT_FALSE(outer.is_cancelled());
      EXPECT_FALSE(inner.is_cancelled_outside());
      EXPECT_TRUE(co_await is_cancelled_here());
    }
    EXPECT_FALSE(co_await is_cancelled_here());
    {
      CancelScope inner;
      outer.cancel();
      EXPECT_TRUE(inner.is_cancelled());
      EXPECT_FALSE(inner.cancel_called());
      EXPECT_TRUE(inner.is_cancelled_outside());
      EXPECT_TRUE(co_await is_cancelled_here());
    }
    const CancelScope entered_late;
    EXPECT_TRUE(entered_late.is_cancelled());
    EXPECT_TRUE(co_await is_cancelled_here());
  };
  run(amain());
}

TEST_P(CancelScopeTest, ADeadlineCancelsTheWaitItMeets) {
  auto amain = [&]() -> Task<> {
    CancelScope scope(3s);
    co_await sleep(1s);
    EXPECT_FALSE(scope.cancel_called());
    EXPECT_THROW(co_await sleep(1h), Cancelled);
    EXPECT_TRUE(scope.deadline_passed());
    EXPECT_TRUE(scope.cancel_called());
    EXPECT_EQ(scope.reason(), "deadline passed");
    EXPECT_EQ(time_.elapsed(), 3s);
  };
  run(amain());
}

TEST_P(CancelScopeTest, ADeadlineCanBeMovedAndTakenAway) {
  auto amain = [&]() -> Task<> {
    CancelScope scope(1s);
    scope.set_deadline(5s);
    co_await sleep(4s);
    scope.set_deadline(5s);
    co_await sleep(4s);
    scope.clear_deadline();
    co_await sleep(1h);
    EXPECT_FALSE(scope.cancel_called());
    scope.set_deadline(0s);
    EXPECT_TRUE(co_await is_cancelled_here());
    EXPECT_TRUE(scope.deadline_passed());
  };
  run(amain());
}

TEST_P(CancelScopeTest, ADeadlineThatWasNotReachedDoesNothingLater) {
  auto amain = []() -> Task<> {
    {
      const CancelScope scope(1s);
    }
    co_await sleep(2s);
  };
  run(amain());
}

TEST_P(CancelScopeTest, ADeadlineAfterACancellationIsNoDeadlineThatPassed) {
  auto amain = []() -> Task<> {
    CancelScope scope(1s);
    scope.cancel("first");
    scope.set_deadline(1s);
    const CancelScope shield(CancelScope::Shield::yes);
    co_await sleep(5s);
    EXPECT_FALSE(scope.deadline_passed());
    EXPECT_EQ(scope.reason(), "first");
  };
  run(amain());
}

TEST_P(CancelScopeTest, TheFirstCancellationCountsAndKnowsItsPlace) {
  auto amain = []() -> Task<> {
    CancelScope scope;
    scope.cancel("first");
    const auto line = std::source_location::current().line() - 1;
    scope.cancel("second");
    EXPECT_EQ(scope.reason(), "first");
    EXPECT_EQ(scope.cancelled_at().line(), line);
    EXPECT_NE(std::string(scope.cancelled_at().file_name()).find("cancel_scope_test"),
              std::string::npos);
    co_return;
  };
  run(amain());
}

TEST_P(CancelScopeTest, AShieldKeepsACancellationOutUntilItIsLeft) {
  auto amain = []() -> Task<> {
    CancelScope outer;
    {
      CancelScope shield(CancelScope::Shield::yes);
      outer.cancel();
      EXPECT_FALSE(shield.is_cancelled());
      EXPECT_FALSE(shield.is_cancelled_outside());
      EXPECT_FALSE(co_await is_cancelled_here());
      {
        const CancelScope inner;
        EXPECT_FALSE(co_await is_cancelled_here());
      }
    }
    EXPECT_TRUE(co_await is_cancelled_here());
    {
      const CancelScope raised_late(CancelScope::Shield::yes);
      EXPECT_FALSE(co_await is_cancelled_here());
    }
    EXPECT_TRUE(co_await is_cancelled_here());
  };
  run(amain());
}

TEST_P(CancelScopeTest, AShieldedScopeCanBeCancelledItself) {
  auto amain = []() -> Task<> {
    {
      CancelScope shield(1s, CancelScope::Shield::yes);
      EXPECT_THROW(co_await sleep(1h), Cancelled);
      EXPECT_TRUE(shield.deadline_passed());
    }
    EXPECT_FALSE(co_await is_cancelled_here());
  };
  run(amain());
}

TEST_P(CancelScopeTest, ACancellationWhileTheShieldedWaitIsUnderWayDoesNotDisturbIt) {
  auto amain = [&]() -> Task<> {
    CancelScope scope(1s);
    {
      const CancelScope shield(CancelScope::Shield::yes);
      co_await sleep(5s);
      EXPECT_EQ(time_.elapsed(), 5s);
    }
    EXPECT_TRUE(scope.deadline_passed());
    EXPECT_TRUE(co_await is_cancelled_here());
  };
  run(amain());
}

TEST_P(CancelScopeTest, AWaitThatHasCompletedKeepsItsResult) {
  Semaphore semaphore(0);
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    get_running_loop().call_soon([&] {
      semaphore.release();  // the wait has completed,
      scope.cancel();       // and only then it is cancelled
    });
    co_await semaphore.acquire();
    EXPECT_TRUE(co_await is_cancelled_here());
  };
  run(amain());
}

TEST_P(CancelScopeTest, OfASleepAndADeadlineForOneTickTheOneSetFirstCounts) {
  auto amain = []() -> Task<> {
    CancelScope scope;
    auto set_deadline = [&]() -> Task<> {
      co_await sleep(1s);
      scope.set_deadline(1s);
    };
    auto sleep_once = []() -> Task<> { co_await sleep(2s); };
    co_await gather(set_deadline(), sleep_once());
    EXPECT_TRUE(scope.deadline_passed());
    EXPECT_TRUE(co_await is_cancelled_here());
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(CancelScopeTest, ReachesTheTasksSpawnedInside) {
  auto amain = []() -> Task<> {
    CancelScope scope(1s);
    const auto [a, b] = co_await gather(is_cancelled_here(), []() -> Task<bool> {
      co_await sleep(500ms);
      CancelScope inner;
      try {
        co_await sleep(1h);
      } catch (const Cancelled&) {
        co_return inner.is_cancelled_outside();
      }
      co_return false;
    }());
    EXPECT_FALSE(a);
    EXPECT_TRUE(b);
  };
  run(amain());
}

TEST_P(CancelScopeTest, MayBeCancelledFromAnotherTask) {
  auto amain = []() -> Task<> {
    std::optional<CancelScope> scope;
    auto work = [&]() -> Task<> {
      scope.emplace();
      EXPECT_THROW(co_await sleep(1h), Cancelled);
      scope.reset();
      co_await sleep(1s);
    };
    auto stop = [&]() -> Task<> {
      co_await sleep(1s);
      scope->cancel();
    };
    co_await gather(work(), stop());
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(CancelScopeTest, AHundredThousandNestedScopesAreReachedByOneCancellation) {
  std::function<Task<>(int)> nest = [&](int depth) -> Task<> {
    const CancelScope scope;
    if (depth > 0) {
      co_await nest(depth - 1);
    } else {
      co_await sleep(1h);
    }
  };
  auto amain = [&]() -> Task<> {
    CancelScope scope(1s);
    EXPECT_THROW(co_await nest(100'000), Cancelled);
  };
  run(amain());
}

TEST_P(CancelScopeTest, NeedsATask) {
  EXPECT_THROW(CancelScope{}, NoRunningLoopError);
  EventLoop loop(options());
  bool refused = false;
  loop.call_soon([&] {
    EXPECT_THROW(CancelScope{}, NoRunningLoopError);
    refused = true;
    get_running_loop().stop();
  });
  loop.run_forever();
  EXPECT_TRUE(refused);
}

TEST(Cancelled, IsNoStandardException) {
  static_assert(!std::is_base_of_v<std::exception, Cancelled>);
  EXPECT_STREQ(Cancelled().what(), "task was cancelled");
}

}  // namespace
}  // namespace rondo
