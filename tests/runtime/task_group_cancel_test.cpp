// Cancellation of task groups: from inside, from outside, and in the turn of an end.

#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>

#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class TaskGroupCancelTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TaskGroupCancelTest);

Task<> sleep_long() {
  co_await sleep(1h);
}

Task<> sleep_for(Clock::duration delay) {
  co_await sleep(delay);
}

TEST_P(TaskGroupCancelTest, CancellingTheGroupEndsItWithoutFailure) {
  auto amain = []() -> Task<> {
    bool went_on = false;
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(sleep_long);
      group.spawn(sleep_long);
      co_await sleep(1s);
      group.cancel("enough");
      co_await sleep(1s);
      went_on = true;
    });
    EXPECT_FALSE(went_on);
    co_await sleep(1s);  // nothing is cancelled out here
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(TaskGroupCancelTest, AChildMayCancelItsGroup) {
  auto amain = []() -> Task<int> {
    co_return co_await with_task_group([](TaskGroup& group) -> Task<int> {
      auto cancel = [](TaskGroup& its_group) -> Task<> {
        co_await sleep(1s);
        its_group.cancel();
      };
      group.spawn(sleep_long);
      group.spawn(cancel, std::ref(group));
      co_return 5;
    });
  };
  EXPECT_EQ(run(amain()), 5);
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TaskGroupCancelTest, ACancelledBodyThatOwesAValueThrowsCancelled) {
  auto amain = []() -> Task<> {
    EXPECT_THROW(co_await with_task_group([](TaskGroup& group) -> Task<int> {
                   group.cancel();
                   co_await sleep(1s);
                   co_return 1;
                 }),
                 Cancelled);
  };
  run(amain());
}

TEST_P(TaskGroupCancelTest, ACancellationFromOutsideReachesBodyAndChildrenAndTravelsOn) {
  int cancelled = 0;
  auto child = [&]() -> Task<> {
    try {
      co_await sleep_long();
    } catch (const Cancelled&) {
      ++cancelled;
      throw;
    }
  };
  auto group_of_three = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(child);
      group.spawn(child);
      co_await child();
    });
    ADD_FAILURE() << "the cancellation was swallowed";
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, group_of_three()), TimeoutError);
    EXPECT_EQ(cancelled, 3);
  };
  run(amain());
}

TEST_P(TaskGroupCancelTest, ACancellationFromOutsideTravelsOnWhenOnlyChildrenWereLeft) {
  auto only_children = []() -> Task<int> {
    co_return co_await with_task_group([](TaskGroup& group) -> Task<int> {
      group.spawn(sleep_long);
      co_return 1;
    });
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, only_children()), TimeoutError);
  };
  run(amain());
}

TEST_P(TaskGroupCancelTest, AChildSpawnedIntoACancelledScopeMakesTheGroupThrow) {
  auto amain = []() -> Task<> {
    CancelScope scope;
    scope.cancel();
    bool worked = false;
    auto child = [&]() -> Task<> {
      co_await sleep(1s);
      worked = true;
    };
    bool went_on = false;
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        group.spawn(child);
        co_return;
      });
      went_on = true;
    } catch (const Cancelled&) {
    }
    EXPECT_FALSE(worked);
    EXPECT_FALSE(went_on) << "what follows the group may count on the work of its children";
  };
  run(amain());
}

TEST_P(TaskGroupCancelTest, AResultFromTheTurnOfTheCancellationIsGiven) {
  auto amain = []() -> Task<int> {
    CancelScope scope;
    const int value = co_await with_task_group([&](TaskGroup& group) -> Task<int> {
      group.spawn([&]() -> Task<> {
        co_await sleep(1s);
        scope.cancel();  // the last thing that any child does
      });
      co_return 8;
    });
    EXPECT_THROW(co_await sleep(1s), Cancelled);
    co_return value;
  };
  EXPECT_EQ(run(amain()), 8);
}

TEST_P(TaskGroupCancelTest, AChildThatIgnoresTheCancellationIsAwaited) {
  bool cleaned_up = false;
  auto stubborn = [&]() -> Task<> {
    try {
      co_await sleep_long();
    } catch (const Cancelled&) {
    }
    co_await shield(sleep_for(5s));
    cleaned_up = true;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(stubborn);
      co_await sleep(1s);
      group.cancel();
    });
    EXPECT_TRUE(cleaned_up);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 6s);
}

TEST_P(TaskGroupCancelTest, ACancelledThatNobodyAskedForTravelsOn) {
  auto amain = []() -> Task<> {
    bool went_on = false;
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        auto child = group.spawn(sleep_long);
        child.cancel();
        co_await child.wait();
        static_cast<void>(child.result());  // throws Cancelled: there is no result
      });
      went_on = true;
    } catch (const Cancelled&) {
    }
    EXPECT_FALSE(went_on);
  };
  run(amain());
}

TEST_P(TaskGroupCancelTest, ACancelledChildIsNoFailure) {
  bool sibling_ended = false;
  auto sibling = [&]() -> Task<> {
    co_await sleep(2s);
    sibling_ended = true;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto child = group.spawn(sleep_long);
      group.spawn(sibling);
      co_await sleep(1s);
      child.cancel("not needed");
    });
  };
  run(amain());
  EXPECT_TRUE(sibling_ended);
}

TEST_P(TaskGroupCancelTest, AFailureWeighsMoreThanTheCancellationItMet) {
  auto fail_when_cancelled = []() -> Task<> {
    try {
      co_await sleep_long();
    } catch (const Cancelled&) {
      throw std::runtime_error("cleanup failed");
    }
  };
  auto with_child = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(fail_when_cancelled);
      co_return;
    });
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await timeout(1s, with_child()), std::runtime_error);
  };
  run(amain());
}

TEST_P(TaskGroupCancelTest, ACancelledGroupCanStillBeSpawnedInto) {
  std::string order;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.cancel();
      group.spawn([&]() -> Task<> {
        order += "start ";
        co_await sleep(1s);
        order += "never";
      });
      co_return;
    });
  };
  run(amain());
  EXPECT_EQ(order, "start ");
}

TEST_P(TaskGroupCancelTest, ACancellationInADeepTreeReachesEveryLeaf) {
  int leaves = 0;
  std::function<Task<>(int)> grow = [&](int depth) -> Task<> {
    if (depth == 0) {
      try {
        co_await sleep_long();
      } catch (const Cancelled&) {
        ++leaves;
        throw;
      }
    }
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(std::ref(grow), depth - 1);
      group.spawn(std::ref(grow), depth - 1);
      co_return;
    });
  };
  auto amain = [&]() -> Task<> { EXPECT_THROW(co_await timeout(1s, grow(8)), TimeoutError); };
  run(amain());
  EXPECT_EQ(leaves, 256);
}

}  // namespace
}  // namespace rondo
