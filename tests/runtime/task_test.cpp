#include "rondo/runtime/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "on_each_backend.hpp"

namespace rondo {
namespace {

class TaskTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TaskTest);

/// Counts how often something of its kind is destroyed while it owns something.
class Tracked {
 public:
  explicit Tracked(int& destroyed) : destroyed_(&destroyed) {}
  Tracked(Tracked&& other) noexcept : destroyed_(std::exchange(other.destroyed_, nullptr)) {}
  Tracked& operator=(Tracked&&) = delete;
  ~Tracked() {
    if (destroyed_ != nullptr) ++*destroyed_;
  }

 private:
  int* destroyed_;
};

Task<int> value_of(int value) {
  co_return value;
}

TEST_P(TaskTest, DoesNothingUntilItIsAwaited) {
  bool started = false;
  auto body = [&]() -> Task<> {
    started = true;
    co_return;
  };
  auto amain = [&]() -> Task<> {
    Task<> task = body();
    EXPECT_FALSE(started);
    co_await std::move(task);
    EXPECT_TRUE(started);
  };
  run(amain());
}

TEST_P(TaskTest, GivesItsValue) {
  auto amain = []() -> Task<std::string> {
    const int number = co_await value_of(40) + co_await value_of(2);
    co_return "it is " + std::to_string(number);
  };
  EXPECT_EQ(run(amain()), "it is 42");
}

TEST_P(TaskTest, GivesAMoveOnlyValue) {
  auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
  auto amain = [&]() -> Task<std::unique_ptr<int>> {
    auto value = co_await make();
    ++*value;
    co_return value;
  };
  EXPECT_EQ(*run(amain()), 6);
}

struct WithoutDefault {
  explicit WithoutDefault(int number) : value(number) {}
  WithoutDefault(WithoutDefault&&) = default;
  WithoutDefault& operator=(WithoutDefault&&) = delete;
  int value;
};

TEST_P(TaskTest, GivesAValueThatCanOnlyBeMoveConstructed) {
  auto make = []() -> Task<WithoutDefault> { co_return WithoutDefault(3); };
  auto amain = [&]() -> Task<int> { co_return (co_await make()).value; };
  EXPECT_EQ(run(amain()), 3);
}

TEST_P(TaskTest, GivesWhatConvertsToItsValue) {
  auto text = []() -> Task<std::string> { co_return "literal"; };
  auto pointer = []() -> Task<std::shared_ptr<const int>> { co_return std::make_shared<int>(1); };
  auto amain = [&]() -> Task<> {
    EXPECT_EQ(co_await text(), "literal");
    EXPECT_EQ(*co_await pointer(), 1);
  };
  run(amain());
}

TEST_P(TaskTest, GivesAValueInBraces) {
  auto list = []() -> Task<std::vector<int>> { co_return {1, 2, 3}; };
  auto nothing = []() -> Task<std::string> { co_return {}; };
  EXPECT_EQ(run(list()), (std::vector{1, 2, 3}));
  EXPECT_EQ(run(nothing()), "");
}

TEST_P(TaskTest, GivesAnExceptionPointerAsAnOrdinaryValue) {
  auto make = []() -> Task<std::exception_ptr> {
    co_return std::make_exception_ptr(std::runtime_error("kept"));
  };
  auto amain = [&]() -> Task<> {
    const std::exception_ptr value = co_await make();
    EXPECT_THROW(std::rethrow_exception(value), std::runtime_error);
  };
  run(amain());
}

TEST_P(TaskTest, ThrowsWhatItsBodyThrew) {
  auto fail = []() -> Task<int> {
    throw std::out_of_range("too far");
    co_return 0;
  };
  auto amain = [&]() -> Task<> {
    try {
      co_await fail();
      ADD_FAILURE() << "no exception";
    } catch (const std::out_of_range& error) {
      EXPECT_STREQ(error.what(), "too far");
    }
  };
  run(amain());
  EXPECT_THROW(run(fail()), std::out_of_range);
}

TEST_P(TaskTest, AnExceptionTravelsThroughAllThatAwait) {
  int unwound = 0;
  auto fail = [&](auto& self, int depth) -> Task<> {
    const Tracked tracked(unwound);
    if (depth == 0) throw std::runtime_error("from below");
    co_await self(self, depth - 1);
  };
  EXPECT_THROW(run(fail(fail, 100)), std::runtime_error);
  EXPECT_EQ(unwound, 101);
}

TEST_P(TaskTest, AThrowingArgumentLeavesNothingStarted) {
  auto take = [](int) -> Task<> { co_return; };
  auto fail = []() -> int { throw std::runtime_error("argument"); };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await take(fail()), std::runtime_error); };
  run(amain());
}

TEST_P(TaskTest, OneThatWasNeverStartedIsDestroyedWithItsArguments) {
  int destroyed = 0;
  auto hold = [](Tracked) -> Task<> { co_return; };
  {
    const Task<> task = hold(Tracked(destroyed));
  }
  EXPECT_EQ(destroyed, 1);
}

TEST_P(TaskTest, ItsArgumentsEndWhenItDoes) {
  int destroyed = 0;
  auto hold = [&](Tracked) -> Task<> {
    EXPECT_EQ(destroyed, 0);
    co_return;
  };
  auto amain = [&]() -> Task<> {
    co_await hold(Tracked(destroyed));
    EXPECT_EQ(destroyed, 1);
  };
  run(amain());
}

TEST_P(TaskTest, MovesFromHandToHand) {
  Task<int> a = value_of(1);
  Task<int> b = std::move(a);
  EXPECT_FALSE(a.valid());  // NOLINT(bugprone-use-after-move): that is the question
  EXPECT_TRUE(b.valid());
  a = std::move(b);
  EXPECT_EQ(run(std::move(a)), 1);
  EXPECT_FALSE(Task<int>().valid());
}

TEST_P(TaskTest, AssigningDestroysTheTaskThatWasThere) {
  int destroyed = 0;
  auto hold = [](Tracked) -> Task<> { co_return; };
  Task<> task = hold(Tracked(destroyed));
  task = Task<>();
  EXPECT_EQ(destroyed, 1);
}

TEST_P(TaskTest, AwaitingTwiceIsRefused) {
  auto amain = []() -> Task<> {
    Task<int> task = value_of(7);
    EXPECT_EQ(co_await std::move(task), 7);
    try {
      co_await std::move(task);
      ADD_FAILURE() << "no exception";
    } catch (const std::logic_error& error) {
      EXPECT_STREQ(error.what(), "a task can be awaited only once");
    }
  };
  run(amain());
}

TEST_P(TaskTest, AwaitingOneThatWasMovedFromIsRefused) {
  auto amain = []() -> Task<> {
    Task<int> task = value_of(7);
    const Task<int> other = std::move(task);
    try {
      co_await std::move(task);  // NOLINT(bugprone-use-after-move): that is the question
      ADD_FAILURE() << "no exception";
    } catch (const std::logic_error& error) {
      EXPECT_STREQ(error.what(), "awaited a task that was moved from");
    }
  };
  run(amain());
}

TEST_P(TaskTest, RunningAMovedFromTaskIsRefused) {
  Task<int> task = value_of(7);
  EXPECT_EQ(run(std::move(task)), 7);
  EXPECT_THROW(run(std::move(task)), std::logic_error);  // NOLINT(bugprone-use-after-move)
}

TEST_P(TaskTest, AMillionAwaitsInALoopUseNoStack) {
  auto amain = []() -> Task<std::int64_t> {
    std::int64_t sum = 0;
    for (int i = 0; i < 1'000'000; ++i) sum += co_await value_of(1);
    co_return sum;
  };
  EXPECT_EQ(run(amain()), 1'000'000);
}

Task<std::int64_t> depth_of(int levels) {
  if (levels == 0) co_return 0;
  co_return 1 + co_await depth_of(levels - 1);
}

TEST_P(TaskTest, ARecursionOfAHundredThousandTasksUsesNoStack) {
  auto amain = []() -> Task<std::int64_t> { co_return co_await depth_of(100'000); };
  EXPECT_EQ(run(amain()), 100'000);
}

Task<> throw_from(int levels) {
  if (levels == 0) throw std::runtime_error("from the bottom");
  co_await throw_from(levels - 1);
}

TEST_P(TaskTest, AnExceptionFromADeepRecursionUsesNoStack) {
  EXPECT_THROW(run(throw_from(10'000)), std::runtime_error);
}

}  // namespace
}  // namespace rondo
