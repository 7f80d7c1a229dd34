#include "rondo/runtime/sleep.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class SleepTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(SleepTest);

TEST_P(SleepTest, TakesItsTime) {
  auto amain = [&]() -> Task<> {
    for (const auto delay : {1ms, 17ms, 999ms, 100'000ms}) {
      const auto before = time_.now();
      co_await sleep(delay);
      EXPECT_EQ(time_.now() - before, delay);
    }
  };
  run(amain());
}

TEST_P(SleepTest, MayStandWhereATaskDoes) {
  EventLoop loop(options());
  const auto begun = time_.now();
  loop.run_until_complete(sleep(1s));
  EXPECT_EQ(time_.now() - begun, 1s);
  loop.close();
  rondo::run(sleep(2s), options());
  EXPECT_EQ(time_.now() - begun, 3s);
  auto amain = [&]() -> Task<> {
    auto [slept, number] = co_await gather(sleep(1s), []() -> Task<int> { co_return 7; }());
    static_cast<void>(slept);
    EXPECT_EQ(number, 7);
    EXPECT_EQ(time_.now() - begun, 4s);
    co_await wait_for(sleep(1s), 2s);
    bool timed_out = false;
    try {
      co_await timeout(1s, sleep(2s));
    } catch (const TimeoutError&) {
      timed_out = true;
    }
    EXPECT_TRUE(timed_out);
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      group.spawn(sleep(1s));
      co_return;
    });
    EXPECT_EQ(time_.now() - begun, 7s);
  };
  run(amain());
}

TEST_P(SleepTest, WakesSleepersInTheOrderOfTheirTimes) {
  std::vector<int> order;
  auto sleeper = [&](int delay) -> Task<> {
    co_await sleep(std::chrono::milliseconds(delay));
    order.push_back(delay);
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<>> tasks;
    for (const int delay : {5000, 64, 1, 70'000, 63, 4096, 65, 2}) tasks.push_back(sleeper(delay));
    co_await gather(std::move(tasks));
  };
  run(amain());
  EXPECT_EQ(order, (std::vector{1, 2, 63, 64, 65, 4096, 5000, 70'000}));
}

TEST_P(SleepTest, WakesSleepersOfTheSameTimeInTheOrderOfTheirCalls) {
  std::vector<int> order;
  auto sleeper = [&](int number) -> Task<> {
    co_await sleep(10s);
    order.push_back(number);
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<>> tasks;
    for (int i = 0; i < 20; ++i) tasks.push_back(sleeper(i));
    co_await gather(std::move(tasks));
  };
  run(amain());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST_P(SleepTest, IsRoundedUpToTheNextMillisecond) {
  auto amain = []() -> Task<> { co_await sleep(1ns); };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1ms);
}

TEST_P(SleepTest, OfZeroOrLessLetsTheOthersGoFirstAndTakesNoTime) {
  std::string order;
  auto note = [&](char name, Clock::duration delay) -> Task<> {
    order += name;
    co_await sleep(delay);
    order += name;
    co_await sleep(delay);
    order += name;
  };
  auto amain = [&]() -> Task<> {
    co_await gather(note('a', 0s), note('b', -1s), note('c', Clock::duration::min()));
  };
  run(amain());
  EXPECT_EQ(order, "abcabcabc");
  EXPECT_EQ(time_.elapsed(), 0s);
}

TEST_P(SleepTest, AThousandSleepsOfZeroTakeNoRealTimeEither) {
  auto amain = []() -> Task<Clock::duration> {
    const auto before = Clock::now();
    for (int i = 0; i < 1000; ++i) co_await sleep(0s);
    co_return Clock::now() - before;
  };
  EXPECT_LT(rondo::run(amain(), real_time_options()), 500ms);
}

TEST_P(SleepTest, IsNeverTooShortHoweverLongTheStepBeforeItWas) {
  auto amain = []() -> Task<> {
    for (int i = 0; i < 20; ++i) {
      // A step that holds the loop: the time read at the beginning of the turn is old by then.
      const auto busy_until = Clock::now() + 3ms;
      while (Clock::now() < busy_until) {
      }
      const auto before = Clock::now();
      co_await sleep(2ms);
      EXPECT_GE(Clock::now() - before, 2ms);
    }
  };
  rondo::run(amain(), real_time_options());
}

TEST_P(SleepTest, CanBeAsLongAsThereIsTime) {
  auto amain = []() -> Task<> {
    for (const auto forever : {Clock::duration::max(), Clock::duration(24h * 365 * 100)}) {
      EXPECT_THROW(co_await timeout(
                       1s, [](Clock::duration delay) -> Task<> { co_await sleep(delay); }(forever)),
                   TimeoutError);
    }
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(SleepTest, SpansCenturiesOfVirtualTime) {
  auto amain = []() -> Task<> { co_await sleep(24h * 365 * 100); };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 24h * 365 * 100);
}

TEST_P(SleepTest, ReachesTheEndOfTime) {
  auto amain = []() -> Task<> { co_await sleep(Clock::duration::max()); };
  run(amain());
  EXPECT_GT(time_.now(), Clock::time_point::max() - 2ms);
}

TEST_P(SleepTest, CancellingEndsItAtOnce) {
  auto sleeper = []() -> Task<> { co_await sleep(1h); };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(5ms, sleeper()), TimeoutError); };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 5ms);
}

TEST_P(SleepTest, InACancelledScopeEveryOneThrowsAtOnce) {
  auto amain = []() -> Task<> {
    CancelScope scope;
    scope.cancel();
    for (const auto delay : {1h, 0h, -1h}) {
      for (int i = 0; i < 3; ++i) EXPECT_THROW(co_await sleep(delay), Cancelled);
    }
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 0s);
}

TEST_P(SleepTest, AStepThatTookLongMakesSeveralSleepersDueInOrder) {
  std::vector<int> order;
  auto sleeper = [&](int seconds) -> Task<> {
    co_await sleep(std::chrono::seconds(seconds));
    order.push_back(seconds);
  };
  auto busy = [&]() -> Task<> {
    co_await sleep(1s);
    time_.advance(1min);
  };
  auto amain = [&]() -> Task<> { co_await gather(sleeper(30), busy(), sleeper(2), sleeper(10)); };
  run(amain());
  EXPECT_EQ(order, (std::vector{2, 10, 30}));
  EXPECT_EQ(time_.elapsed(), 61s);
}

}  // namespace
}  // namespace rondo
