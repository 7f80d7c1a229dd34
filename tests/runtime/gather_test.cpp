#include "rondo/runtime/gather.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <stdexcept>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GatherTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(GatherTest);

template <class T>
Task<T> give_after(Clock::duration delay, T value) {
  co_await sleep(delay);
  co_return value;
}

Task<> fail_after(Clock::duration delay, std::string message) {
  co_await sleep(delay);
  throw std::runtime_error(message);
}

Task<int> fail_with_int(Clock::duration delay, std::string message) {
  co_await fail_after(delay, message);
  co_return 0;
}

TEST_P(GatherTest, GivesATupleInTheOrderOfTheArguments) {
  auto amain = []() -> Task<> {
    const auto [a, b, c] =
        co_await gather(give_after(3s, 1), give_after(1s, std::string("two")), give_after(2s, 3.0));
    EXPECT_EQ(a, 1);
    EXPECT_EQ(b, "two");
    EXPECT_EQ(c, 3.0);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 3s);
}

TEST_P(GatherTest, GivesAVectorInTheOrderOfTheTasks) {
  auto amain = []() -> Task<std::vector<int>> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 100; ++i) tasks.push_back(give_after(std::chrono::seconds(100 - i), i));
    co_return co_await gather(std::move(tasks));
  };
  const auto values = run(amain());
  ASSERT_EQ(values.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(values[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(time_.elapsed(), 100s);
}

TEST_P(GatherTest, StartsTheTasksInOrder) {
  std::string order;
  auto note = [&](char name) -> Task<> {
    order += name;
    co_return;
  };
  auto amain = [&]() -> Task<> {
    co_await gather(note('a'), note('b'), note('c'));
    std::vector<Task<>> tasks;
    for (const char name : {'d', 'e', 'f'}) tasks.push_back(note(name));
    co_await gather(std::move(tasks));
  };
  run(amain());
  EXPECT_EQ(order, "abcdef");
}

TEST_P(GatherTest, TakesVoidAndMoveOnlyTasks) {
  auto nothing = []() -> Task<> { co_return; };
  auto pointer = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(4); };
  auto amain = [&]() -> Task<> {
    auto results = co_await gather(nothing(), pointer());
    static_assert(
        std::is_same_v<decltype(results), std::tuple<std::monostate, std::unique_ptr<int>>>);
    EXPECT_EQ(*std::get<1>(results), 4);
    std::vector<Task<std::unique_ptr<int>>> tasks;
    tasks.push_back(pointer());
    const auto pointers = co_await gather(std::move(tasks));
    EXPECT_EQ(*pointers.front(), 4);
  };
  run(amain());
}

TEST_P(GatherTest, OfNothingEndsAtOnce) {
  auto amain = []() -> Task<> {
    const auto values = co_await gather(std::vector<Task<int>>());
    EXPECT_TRUE(values.empty());
    co_await gather(std::vector<Task<>>());
    const auto outcomes = co_await gather(return_exceptions, std::vector<Task<>>());
    EXPECT_TRUE(outcomes.empty());
    co_await gather();
  };
  run(amain());
}

TEST_P(GatherTest, AFailureLeavesTheOthersRunningToTheirEnd) {
  bool completed = false;
  auto slow = [&]() -> Task<> {
    co_await sleep(10s);
    completed = true;
  };
  auto amain = [&]() -> Task<> {
    try {
      co_await gather(slow(), fail_after(1s, "early"));
      ADD_FAILURE() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "early");
    }
    EXPECT_TRUE(completed);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 10s);
}

TEST_P(GatherTest, ThrowsTheFailureThatHappenedFirst) {
  auto amain = []() -> Task<> {
    try {
      co_await gather(fail_after(3s, "third"), fail_after(1s, "first"), fail_after(2s, "second"));
      ADD_FAILURE() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "first");
    }
    std::vector<Task<int>> tasks;
    tasks.push_back(fail_with_int(2s, "second"));
    tasks.push_back(fail_with_int(1s, "first"));
    try {
      co_await gather(std::move(tasks));
      ADD_FAILURE() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "first");
    }
  };
  run(amain());
}

constexpr auto kLost = "error in a task that nobody waits for: std::runtime_error: ";

TEST_P(GatherTest, LogsTheFailuresThatItDoesNotThrow) {
  auto amain = []() -> Task<> {
    co_await gather(fail_after(3s, "third"), fail_after(1s, "first"), fail_after(2s, "second"));
  };
  EXPECT_THROW(run(amain()), std::runtime_error);
  EXPECT_THAT(reports_, ElementsAre(kLost + std::string("third"), kLost + std::string("second")));
}

Task<> fail_when_cancelled() {
  try {
    co_await sleep(1h);
  } catch (const Cancelled&) {
    throw std::runtime_error("no clean end");
  }
}

TEST_P(GatherTest, AFailureWeighsMoreThanACancellationThatCameBefore) {
  auto pair = []() -> Task<> { co_await gather(give_after(1h, 1), fail_when_cancelled()); };
  auto amain = [&]() -> Task<> { co_await timeout(1s, pair()); };
  EXPECT_THROW(run(amain()), std::runtime_error);
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_P(GatherTest, LogsFailuresWhenACancellationTakesThePlaceOfTheOutcomes) {
  auto pair = []() -> Task<> {
    co_await gather(return_exceptions, give_after(1h, 1), fail_when_cancelled());
  };
  auto amain = [&]() -> Task<> { co_await timeout(1s, pair()); };
  EXPECT_THROW(run(amain()), TimeoutError);
  EXPECT_THAT(reports_, ElementsAre(kLost + std::string("no clean end")));
}

TEST_P(GatherTest, GivesTheOutcomesOfAllWhereAskedTo) {
  auto amain = []() -> Task<> {
    auto outcomes = co_await gather(return_exceptions, give_after(1s, 7), fail_after(2s, "bad"));
    EXPECT_EQ(std::get<0>(outcomes).value(), 7);
    EXPECT_FALSE(std::get<1>(outcomes).ok());
    EXPECT_THROW(std::get<1>(outcomes).value(), std::runtime_error);

    std::vector<Task<int>> tasks;
    tasks.push_back(fail_with_int(1s, "worse"));
    tasks.push_back(give_after(1s, 8));
    const auto list = co_await gather(return_exceptions, std::move(tasks));
    EXPECT_FALSE(list[0].ok());
    EXPECT_TRUE(list[0].error() != nullptr);
    EXPECT_EQ(list[1].value(), 8);
    EXPECT_TRUE(list[1].error() == nullptr);
  };
  run(amain());
}

TEST_P(GatherTest, ACancellationReachesAll) {
  int cancelled = 0;
  auto wait_long = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      ++cancelled;
      throw;
    }
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<>> tasks;
    for (int i = 0; i < 10; ++i) tasks.push_back(wait_long());
    EXPECT_THROW(co_await timeout(1s, gather(std::move(tasks))), TimeoutError);
    EXPECT_EQ(cancelled, 10);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(GatherTest, ThrowsCancelledEvenWhereExceptionsAreReturned) {
  auto amain = []() -> Task<> {
    CancelScope scope(1s);
    bool went_on = false;
    try {
      co_await gather(return_exceptions, give_after(1h, 1), give_after(1h, 2));
      went_on = true;
    } catch (const Cancelled&) {
    }
    EXPECT_FALSE(went_on);
  };
  run(amain());
}

TEST_P(GatherTest, ResultsThatAreThereBeforeTheCancellationAreGiven) {
  auto amain = []() -> Task<int> {
    CancelScope scope;
    auto end = []() -> Task<int> { co_return 2; };
    auto cancel_and_end = [&]() -> Task<int> {
      scope.cancel();
      co_return 1;
    };
    const auto [a, b] = co_await gather(end(), cancel_and_end());
    EXPECT_THROW(co_await sleep(1s), Cancelled);
    co_return a + b;
  };
  EXPECT_EQ(run(amain()), 3);
}

TEST_P(GatherTest, WaitsForATaskThatIgnoresTheCancellation) {
  bool cleaned_up = false;
  auto stubborn = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    co_await shield(give_after(5s, 0));
    cleaned_up = true;
  };
  auto amain = [&]() -> Task<> {
    co_await timeout(1s, gather(stubborn(), give_after(0s, 1)));
    EXPECT_TRUE(cleaned_up);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 6s);
}

TEST_P(GatherTest, Nests) {
  auto pair = [](int base) -> Task<int> {
    const auto [a, b] = co_await gather(give_after(1s, base), give_after(1s, base + 1));
    co_return a + b;
  };
  auto amain = [&]() -> Task<int> {
    const auto [a, b] = co_await gather(pair(10), pair(20));
    co_return a + b;
  };
  EXPECT_EQ(run(amain()), 62);
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(GatherTest, AMovedFromTaskFailsLikeAnyOther) {
  auto amain = []() -> Task<> {
    auto outcomes = co_await gather(return_exceptions, Task<int>(), give_after(1s, 1));
    EXPECT_THROW(std::get<0>(outcomes).value(), std::logic_error);
    EXPECT_EQ(std::get<1>(outcomes).value(), 1);
  };
  run(amain());
}

TEST_P(GatherTest, TenThousandTasksAtOnce) {
  auto amain = []() -> Task<int> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 10'000; ++i) tasks.push_back(give_after(std::chrono::milliseconds(i), 1));
    int sum = 0;
    for (const int value : co_await gather(std::move(tasks))) sum += value;
    co_return sum;
  };
  EXPECT_EQ(run(amain()), 10'000);
}

/// The least processor time, of a few runs, that a `gather` of `count` tasks takes which all wait
/// once, and are cancelled there if so asked.
Clock::duration cost_of_gather(const RunOptions& options, int count, bool cancels) {
  auto best = Clock::duration::max();
  for (int round = 0; round < 3; ++round) {
    auto amain = [&]() -> Task<> {
      std::vector<Task<int>> tasks;
      for (int i = 0; i < count; ++i) tasks.push_back(give_after(1s, i));
      if (cancels) {
        EXPECT_THROW(static_cast<void>(co_await timeout(1ms, gather(std::move(tasks)))),
                     TimeoutError);
      } else {
        const auto values = co_await gather(std::move(tasks));
        EXPECT_EQ(values.size(), static_cast<std::size_t>(count));
        EXPECT_EQ(values.back(), count - 1);
      }
    };
    const std::clock_t begin = std::clock();
    rondo::run(amain(), options);
    const std::chrono::duration<double> time(static_cast<double>(std::clock() - begin) /
                                             CLOCKS_PER_SEC);
    best = std::min(best, std::chrono::duration_cast<Clock::duration>(time));
  }
  return best;
}

TEST_P(GatherTest, TenTimesAsManyTasksCostAboutTenTimesAsMuch) {
  const auto few = cost_of_gather(options(), 1'000, false);
  const auto many = cost_of_gather(options(), 10'000, false);
  EXPECT_LT(many, 40 * few) << "a quadratic one would cost a hundred times as much";
}

TEST_P(GatherTest, CancellingTenTimesAsManyTasksCostsAboutTenTimesAsMuch) {
  const auto few = cost_of_gather(options(), 1'000, true);
  const auto many = cost_of_gather(options(), 10'000, true);
  EXPECT_LT(many, 40 * few) << "a quadratic one would cost a hundred times as much";
}

}  // namespace
}  // namespace rondo
