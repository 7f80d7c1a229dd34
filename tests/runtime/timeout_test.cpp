#include "rondo/runtime/timeout.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "give_after.hpp"
#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class TimeoutTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TimeoutTest);

TEST_P(TimeoutTest, GivesTheValueThatComesInTime) {
  auto amain = []() -> Task<int> {
    const int a = co_await timeout(2s, give_after(1s, 1));
    const int b = co_await wait_for(give_after(1s, 2), 2s);
    co_return a + b;
  };
  EXPECT_EQ(run(amain()), 3);
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(TimeoutTest, ThrowsTimeoutErrorWhenTheTimeIsOver) {
  auto amain = []() -> Task<> {
    try {
      co_await timeout(1500ms, give_after(1h, 1));
      ADD_FAILURE() << "no exception";
    } catch (const TimeoutError& error) {
      EXPECT_STREQ(error.what(), "timed out after 1.5 s");
    }
    EXPECT_THROW(co_await wait_for(give_after(1h, 1), 1s), TimeoutError);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 2500ms);
}

TEST_P(TimeoutTest, TheTimeRunsFromTheAwait) {
  auto amain = []() -> Task<int> {
    Task<int> limited = timeout(2s, give_after(1s, 4));
    co_await sleep(1h);
    co_return co_await std::move(limited);
  };
  EXPECT_EQ(run(amain()), 4);
}

TEST_P(TimeoutTest, PassesOnWhatTheTaskThrows) {
  auto fail = []() -> Task<> {
    co_await sleep(1s);
    throw std::runtime_error("own");
  };
  auto amain = [&]() -> Task<> { co_await timeout(2s, fail()); };
  EXPECT_THROW(run(amain()), std::runtime_error);
}

TEST_P(TimeoutTest, AwaitsTheCleanUpOfTheTaskItCancels) {
  bool cleaned_up = false;
  auto work = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    co_await shield(give_after(3s, 0));
    cleaned_up = true;
    co_await sleep(1s);  // still cancelled: throws
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, work()), TimeoutError);
    EXPECT_TRUE(cleaned_up);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 4s);
}

TEST_P(TimeoutTest, GivesAResultThatComesInSpiteOfTheCancellation) {
  auto work = []() -> Task<std::string> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    co_return "partial";
  };
  auto amain = [&]() -> Task<std::string> { co_return co_await timeout(1s, work()); };
  EXPECT_EQ(run(amain()), "partial");
}

TEST_P(TimeoutTest, GivesAResultThatComesInTheVeryTurnOfTheDeadline) {
  Semaphore semaphore(0);
  auto work = [&]() -> Task<int> {
    co_await semaphore.acquire();
    co_return 2;
  };
  auto amain = [&]() -> Task<int> {
    // The wait ends in a callback, and the deadline passes behind it in the same turn.
    get_running_loop().call_later(1s, [&] {
      semaphore.release();
      time_.advance(1s);
    });
    co_return co_await timeout(2s, work());
  };
  EXPECT_EQ(run(amain()), 2);
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(TimeoutTest, ADeadlineInTheVeryTickOfAWakeUpWinsWhenItWasSetFirst) {
  auto amain = []() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, give_after(1s, 1)), TimeoutError);
  };
  run(amain());
}

TEST_P(TimeoutTest, OfNestedLimitsTheOneThatIsReachedThrows) {
  bool inner_timed_out = false;
  auto inner = [&](Clock::duration limit) -> Task<> {
    try {
      co_await timeout(limit, give_after(1h, 1));
    } catch (const TimeoutError&) {
      inner_timed_out = true;
    }
  };
  auto amain = [&]() -> Task<> {
    co_await timeout(2s, inner(1s));
    EXPECT_TRUE(inner_timed_out);
    inner_timed_out = false;
    EXPECT_THROW(co_await timeout(1s, inner(2s)), TimeoutError);
    EXPECT_FALSE(inner_timed_out) << "the outer deadline is not the inner one's";
  };
  run(amain());
}

TEST_P(TimeoutTest, OfNestedLimitsThatEndTogetherTheOuterOneThrows) {
  bool inner_timed_out = false;
  auto inner = [&]() -> Task<> {
    try {
      co_await timeout(1s, give_after(1h, 1));
    } catch (const TimeoutError&) {
      inner_timed_out = true;
      throw;
    }
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, inner()), TimeoutError);
    EXPECT_FALSE(inner_timed_out);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TimeoutTest, ACancellationFromOutsideWinsOverTheOwnDeadline) {
  auto amain = []() -> Task<> {
    CancelScope outer;
    bool timed_out = false;
    auto limited = [&]() -> Task<> {
      try {
        co_await timeout(1s, [](CancelScope& scope) -> Task<> {
          try {
            co_await sleep(1h);
          } catch (const Cancelled&) {
            scope.cancel();  // while the deadline's cancellation is under way
            throw;
          }
        }(outer));
      } catch (const TimeoutError&) {
        timed_out = true;
      }
    };
    EXPECT_THROW(co_await limited(), Cancelled);
    EXPECT_FALSE(timed_out);
  };
  run(amain());
}

TEST_P(TimeoutTest, OfZeroEndsTheFirstWait) {
  int steps = 0;
  auto work = [&]() -> Task<> {
    ++steps;
    co_await sleep(1h);
    ++steps;
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(0s, work()), TimeoutError);
    EXPECT_THROW(co_await timeout(-5s, work()), TimeoutError);
    EXPECT_THROW(co_await timeout(Clock::duration::min(), work()), TimeoutError);
  };
  run(amain());
  EXPECT_EQ(steps, 3);
  EXPECT_EQ(time_.elapsed(), 0s);
}

TEST_P(TimeoutTest, OfZeroGivesWhatNeedsNoWaiting) {
  auto ready = []() -> Task<int> { co_return 6; };
  auto amain = [&]() -> Task<int> { co_return co_await timeout(0s, ready()); };
  EXPECT_EQ(run(amain()), 6);
}

TEST_P(TimeoutTest, CanBeAsLongAsThereIsTime) {
  auto amain = []() -> Task<int> {
    co_return co_await timeout(Clock::duration::max(), give_after(1s, 7));
  };
  EXPECT_EQ(run(amain()), 7);
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TimeoutTest, EndsAWholeGroup) {
  auto group_of_sleepers = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 10; ++i) group.spawn(give_after, 1h, i);
      co_return;
    });
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, group_of_sleepers()), TimeoutError);
  };
  run(amain());
}

class ShieldTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(ShieldTest);

TEST_P(ShieldTest, LetsATaskEndWhateverIsAskedOutside) {
  int result = 0;
  auto work = [&]() -> Task<> {
    result = co_await shield(give_after(5s, 3));
    co_await sleep(1s);
    result = -1;
  };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(1s, work()), TimeoutError); };
  run(amain());
  EXPECT_EQ(result, 3);
  EXPECT_EQ(time_.elapsed(), 5s);
}

TEST_P(ShieldTest, WithADeadlineThrowsTimeoutErrorWhenThatIsOver) {
  auto amain = []() -> Task<> {
    CancelScope outer;
    outer.cancel();
    EXPECT_EQ(co_await shield(2s, give_after(1s, 3)), 3);
    EXPECT_THROW(co_await shield(2s, give_after(1h, 3)), TimeoutError);
    EXPECT_THROW(co_await sleep(1s), Cancelled);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 3s);
}

TEST_P(ShieldTest, PassesOnWhatTheTaskThrows) {
  auto fail = []() -> Task<> {
    co_await sleep(1s);
    throw std::runtime_error("inside");
  };
  auto amain = [&]() -> Task<> { co_await shield(fail()); };
  EXPECT_THROW(run(amain()), std::runtime_error);
}

}  // namespace
}  // namespace rondo
