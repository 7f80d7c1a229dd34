#include "rondo/runtime/as_completed.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class AsCompletedTest : public OnEachBackend {
 protected:
  /// Notes when it is cancelled.
  Task<int> give_after(Clock::duration delay, int value) {
    try {
      co_await sleep(delay);
    } catch (const Cancelled&) {
      ++cancelled_;
      throw;
    }
    co_return value;
  }

  static Task<int> fail_after(Clock::duration delay, std::string message) {
    co_await sleep(delay);
    throw std::runtime_error(message);
  }

  std::vector<Task<int>> three_tasks() {
    std::vector<Task<int>> tasks;
    for (const int seconds : {3, 1, 2}) {
      tasks.push_back(give_after(std::chrono::seconds(seconds), seconds));
    }
    return tasks;
  }

  int cancelled_ = 0;
};
RONDO_ON_EACH_BACKEND(AsCompletedTest);

TEST_P(AsCompletedTest, GivesTheResultsInTheOrderInWhichTheyCome) {
  std::vector<int> values;
  std::vector<std::size_t> places;
  auto amain = [&]() -> Task<> {
    co_await as_completed(three_tasks(), [&](Completions<int>& results) -> Task<> {
      while (results.has_next()) {
        const int value = co_await results.next();
        EXPECT_EQ(time_.elapsed(), std::chrono::seconds(value));
        values.push_back(value);
        places.push_back(results.index());
      }
    });
  };
  run(amain());
  EXPECT_EQ(values, std::vector({1, 2, 3}));
  EXPECT_EQ(places, std::vector<std::size_t>({1, 2, 0}));
}

TEST_P(AsCompletedTest, GivesAtOnceWhatEndedWhileTheBodyWasBusy) {
  auto amain = [&]() -> Task<> {
    co_await as_completed(three_tasks(), [&](Completions<int>& results) -> Task<> {
      co_await sleep(10s);
      for (const int expected : {1, 2, 3}) EXPECT_EQ(co_await results.next(), expected);
      EXPECT_FALSE(results.has_next());
      EXPECT_THROW(co_await results.next(), InvalidStateError);
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 10s);
}

TEST_P(AsCompletedTest, GivesTheValueOfTheBodyAndTakesTasksOfAnyKind) {
  auto nothing = []() -> Task<> { co_return; };
  auto pointer = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(4); };
  auto amain = [&]() -> Task<> {
    std::vector<Task<std::unique_ptr<int>>> pointers;
    pointers.push_back(pointer());
    const auto taken = co_await as_completed(
        std::move(pointers),
        [](Completions<std::unique_ptr<int>>& results) { return results.next(); });
    EXPECT_EQ(*taken, 4);
    std::vector<Task<>> tasks;
    tasks.push_back(nothing());
    co_await as_completed(std::move(tasks),
                          [](Completions<void>& results) { return results.next(); });
    co_await as_completed(std::vector<Task<>>(), [](Completions<void>& results) -> Task<> {
      EXPECT_FALSE(results.has_next());
      co_return;
    });
  };
  run(amain());
}

TEST_P(AsCompletedTest, LeftEarlyItCancelsAndAwaitsTheOthers) {
  auto amain = [&]() -> Task<> {
    const int first = co_await as_completed(
        three_tasks(), [](Completions<int>& results) { return results.next(); });
    EXPECT_EQ(first, 1);
    EXPECT_EQ(cancelled_, 2);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
  EXPECT_TRUE(reports_.empty());
}

TEST_P(AsCompletedTest, LeftByAnExceptionItCancelsAndAwaitsTheOthers) {
  auto amain = [&]() -> Task<> {
    auto fail = [](Completions<int>& results) -> Task<> {
      co_await results.next();
      throw std::logic_error("enough");
    };
    EXPECT_THROW(co_await as_completed(three_tasks(), fail), std::logic_error);
    EXPECT_EQ(cancelled_, 2);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(AsCompletedTest, AFailureIsThrownWhereItIsGivenAndTheBodyMayGoOn) {
  std::string order;
  auto amain = [&]() -> Task<> {
    auto tasks = three_tasks();
    tasks.push_back(fail_after(1500ms, "bad"));
    co_await as_completed(std::move(tasks), [&](Completions<int>& results) -> Task<> {
      while (results.has_next()) {
        try {
          const int value = co_await results.next();
          order += std::to_string(value) + ' ';
        } catch (const std::runtime_error& error) {
          order += error.what() + std::string(" at ") + std::to_string(results.index()) + ' ';
        }
      }
    });
  };
  run(amain());
  EXPECT_EQ(order, "1 bad at 3 2 3 ");
  EXPECT_TRUE(reports_.empty());
}

TEST_P(AsCompletedTest, AnErrorThatNobodyAskedForGoesToTheLog) {
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    tasks.push_back(give_after(1s, 1));
    tasks.push_back(fail_after(1s, "not asked for"));
    tasks.push_back(give_after(1h, 2));
    const int first = co_await as_completed(
        std::move(tasks), [](Completions<int>& results) { return results.next(); });
    EXPECT_EQ(first, 1);
  };
  run(amain());
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_EQ(reports_[0].find("error in a task that nobody waits for: "), 0U);
  EXPECT_NE(reports_[0].find("not asked for"), std::string::npos);
}

TEST_P(AsCompletedTest, ATimeLimitAroundOneResultGivesItToTheNextCall) {
  auto amain = [&]() -> Task<> {
    co_await as_completed(three_tasks(), [&](Completions<int>& results) -> Task<> {
      EXPECT_THROW(co_await timeout(500ms, results.next()), TimeoutError);
      EXPECT_EQ(co_await results.next(), 1);
      EXPECT_EQ(co_await results.next(), 2);
      EXPECT_EQ(co_await results.next(), 3);
    });
  };
  run(amain());
  EXPECT_EQ(cancelled_, 0);
}

TEST_P(AsCompletedTest, ACancellationFromOutsideReachesBodyAndTasks) {
  auto amain = [&]() -> Task<> {
    auto take_all = [](Completions<int>& results) -> Task<> {
      while (results.has_next()) co_await results.next();
    };
    EXPECT_THROW(co_await timeout(1500ms, as_completed(three_tasks(), take_all)), TimeoutError);
    EXPECT_EQ(cancelled_, 2);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1500ms);
}

TEST_P(AsCompletedTest, OneTaskUsesItAtATime) {
  auto amain = [&]() -> Task<> {
    co_await as_completed(three_tasks(), [](Completions<int>& results) -> Task<> {
      const auto [first, second] =
          co_await gather(return_exceptions, results.next(), results.next());
      EXPECT_EQ(first.value(), 1);
      EXPECT_THROW(second.value(), InvalidStateError);
    });
  };
  run(amain());
}

TEST_P(AsCompletedTest, TenThousandResultsComeInOrder) {
  constexpr int kTasks = 10'000;
  int given = 0;
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < kTasks; ++i) {
      tasks.push_back(give_after(std::chrono::milliseconds(kTasks - i), kTasks - i));
    }
    co_await as_completed(std::move(tasks), [&](Completions<int>& results) -> Task<> {
      while (results.has_next()) {
        const int value = co_await results.next();
        EXPECT_EQ(value, ++given);
      }
    });
  };
  run(amain());
  EXPECT_EQ(given, kTasks);
}

}  // namespace
}  // namespace rondo
