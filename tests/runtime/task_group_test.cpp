#include "rondo/runtime/task_group.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>

#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class TaskGroupTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TaskGroupTest);

Task<> fail_after(Clock::duration delay, std::string message) {
  co_await sleep(delay);
  throw std::runtime_error(message);
}

/// Waits until it is cancelled, and counts that.
Task<> wait_for_cancellation(int& cancelled) {
  try {
    co_await sleep(1h);
  } catch (const Cancelled&) {
    ++cancelled;
    throw;
  }
}

TEST_P(TaskGroupTest, ReturnsWhenAllChildrenHaveEnded) {
  int ended = 0;
  auto child = [&](Clock::duration delay) -> Task<> {
    co_await sleep(delay);
    ++ended;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 1; i <= 5; ++i) group.spawn(child, std::chrono::seconds(i));
      EXPECT_EQ(group.live(), 5U);
      co_return;
    });
    EXPECT_EQ(ended, 5);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 5s);
}

TEST_P(TaskGroupTest, AnEmptyGroupGivesTheValueOfItsBody) {
  auto amain = []() -> Task<std::string> {
    co_return co_await with_task_group([](TaskGroup&) -> Task<std::string> { co_return "body"; });
  };
  EXPECT_EQ(run(amain()), "body");
}

TEST_P(TaskGroupTest, TheValueOfTheBodyWaitsForTheChildren) {
  bool ended = false;
  auto child = [&]() -> Task<> {
    co_await sleep(1s);
    ended = true;
  };
  auto amain = [&]() -> Task<std::unique_ptr<int>> {
    auto value = co_await with_task_group([&](TaskGroup& group) -> Task<std::unique_ptr<int>> {
      group.spawn(child);
      co_return std::make_unique<int>(9);
    });
    EXPECT_TRUE(ended);
    co_return value;
  };
  EXPECT_EQ(*run(amain()), 9);
}

TEST_P(TaskGroupTest, AChildStartsInTheNextTurnInTheOrderOfSpawning) {
  std::string order;
  auto child = [&](char name) -> Task<> {
    order += name;
    co_return;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(child, 'a');
      group.spawn(child, 'b');
      order += 'B';
      co_await sleep(0s);
      order += 'E';
    });
  };
  run(amain());
  EXPECT_EQ(order, "BabE");
}

TEST_P(TaskGroupTest, TheCallableAndItsArgumentsLiveAsLongAsTheChild) {
  const auto alive = std::make_shared<int>(0);
  const std::weak_ptr<int> seen = alive;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      // The closure and the arguments are gone from here long before the child ends.
      group.spawn(
          [capture = std::make_shared<std::string>("captured")](
              const std::string& text, std::unique_ptr<int> number) -> Task<> {
            co_await sleep(1s);
            EXPECT_EQ(*capture, "captured");
            EXPECT_EQ(text, "a text that is too long for any small string");
            EXPECT_EQ(*number, 5);
          },
          std::string("a text that is too long for any small string"), std::make_unique<int>(5));
      co_return;
    });
    EXPECT_EQ(seen.use_count(), 1);
  };
  run(amain());
}

TEST_P(TaskGroupTest, WhatAChildHeldIsFreedWhenItHasEndedAndNobodyHoldsIt) {
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> seen = held;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn([held = std::move(held)]() -> Task<> { co_await sleep(1s); });
      co_await sleep(2s);
      EXPECT_TRUE(seen.expired());
    });
  };
  run(amain());
}

TEST_P(TaskGroupTest, TakesReferencesAndMemberFunctions) {
  struct Counter {
    Task<> add(int amount) {
      co_await sleep(1s);
      total += amount;
    }
    int total = 0;
  };
  Counter counter;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(&Counter::add, std::ref(counter), 2);
      group.spawn(&Counter::add, &counter, 3);
      group.spawn(counter.add(4));
      co_return;
    });
  };
  run(amain());
  EXPECT_EQ(counter.total, 9);
}

TEST_P(TaskGroupTest, ABodyWithOwningCapturesIsAwaitedByName) {
  auto amain = []() -> Task<int> {
    auto body = [owned = std::make_shared<int>(3)](TaskGroup& group) -> Task<int> {
      group.spawn([]() -> Task<> { co_await sleep(1s); });
      co_await sleep(2s);
      co_return *owned;
    };
    co_return co_await with_task_group(body);
  };
  EXPECT_EQ(run(amain()), 3);
}

TEST_P(TaskGroupTest, TheFirstFailureCancelsTheSiblingsAndComesOut) {
  int cancelled = 0;
  auto amain = [&]() -> Task<> {
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        group.spawn(wait_for_cancellation, std::ref(cancelled));
        group.spawn(fail_after, 1s, "broken");
        group.spawn(wait_for_cancellation, std::ref(cancelled));
        co_return;
      });
      ADD_FAILURE() << "no exception";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "broken");
    }
    EXPECT_EQ(cancelled, 2);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TaskGroupTest, AFailureCancelsTheBody) {
  auto amain = []() -> Task<> {
    bool cancelled = false;
    EXPECT_THROW(co_await with_task_group([&](TaskGroup& group) -> Task<> {
                   group.spawn(fail_after, 1s, "broken");
                   try {
                     co_await sleep(1h);
                   } catch (const Cancelled&) {
                     cancelled = true;
                     throw;
                   }
                 }),
                 std::runtime_error);
    EXPECT_TRUE(cancelled);
    co_await sleep(1s);  // the cancellation ended with the group
  };
  run(amain());
}

TEST_P(TaskGroupTest, AFailureOfTheBodyCancelsTheChildren) {
  int cancelled = 0;
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await with_task_group([&](TaskGroup& group) -> Task<int> {
                   group.spawn(wait_for_cancellation, std::ref(cancelled));
                   co_await sleep(1s);
                   throw std::out_of_range("body");
                 }),
                 std::out_of_range);
  };
  run(amain());
  EXPECT_EQ(cancelled, 1);
}

TEST_P(TaskGroupTest, SeveralFailuresComeOutTogetherInTheOrderOfTime) {
  auto fail_in_cleanup = []() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    throw std::logic_error("cleanup");
  };
  auto amain = [&]() -> Task<> {
    try {
      co_await with_task_group([&](TaskGroup& group) -> Task<> {
        group.spawn(fail_in_cleanup);
        group.spawn(fail_after, 1s, "cause");
        co_return;
      });
      ADD_FAILURE() << "no exception";
    } catch (const ExceptionGroup& group) {
      EXPECT_STREQ(group.what(), "2 failures; first: std::runtime_error: cause");
      EXPECT_EQ(group.details(), "std::runtime_error: cause\nstd::logic_error: cleanup\n");
      EXPECT_EQ(group.exceptions().size(), 2U);
      EXPECT_THROW(std::rethrow_exception(group.exceptions()[0]), std::runtime_error);
      EXPECT_THROW(std::rethrow_exception(group.exceptions()[1]), std::logic_error);
    }
  };
  run(amain());
}

TEST_P(TaskGroupTest, GroupsNestAndAnInnerFailureTravelsOut) {
  int cancelled = 0;
  auto inner = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(wait_for_cancellation, std::ref(cancelled));
      group.spawn(fail_after, 1s, "inner");
      co_return;
    });
  };
  auto amain = [&]() -> Task<> {
    EXPECT_THROW(co_await with_task_group([&](TaskGroup& group) -> Task<> {
                   group.spawn(wait_for_cancellation, std::ref(cancelled));
                   group.spawn(inner);
                   co_return;
                 }),
                 std::runtime_error);
  };
  run(amain());
  EXPECT_EQ(cancelled, 2);
}

TEST_P(TaskGroupTest, AChildMaySpawnIntoItsGroup) {
  int ended = 0;
  std::function<Task<>(TaskGroup&, int)> spread = [&](TaskGroup& group, int depth) -> Task<> {
    co_await sleep(1s);
    ++ended;
    if (depth == 0) co_return;
    group.spawn(std::ref(spread), std::ref(group), depth - 1);
    group.spawn(std::ref(spread), std::ref(group), depth - 1);
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> { return spread(group, 5); });
  };
  run(amain());
  EXPECT_EQ(ended, 63);
  EXPECT_EQ(time_.elapsed(), 6s);
}

TEST_P(TaskGroupTest, AChildSpawnedAfterTheLastOneEndedIsAwaitedToo) {
  bool late_child_ended = false;
  auto late_child = [&]() -> Task<> {
    co_await sleep(1s);
    late_child_ended = true;
  };
  auto amain = [&]() -> Task<> {
    TaskGroup* open = nullptr;
    auto ending_child = [&]() -> Task<> {
      // Runs behind the end of this child and before the group's owner.
      get_running_loop().call_soon([&] { open->spawn(late_child); });
      co_return;
    };
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      open = &group;
      group.spawn(ending_child);
      co_return;
    });
    EXPECT_TRUE(late_child_ended);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TaskGroupTest, ManyChildren) {
  int ended = 0;
  auto child = [&](int i) -> Task<> {
    co_await sleep(std::chrono::milliseconds(i % 97));
    ++ended;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 20'000; ++i) group.spawn(child, i);
      co_return;
    });
  };
  run(amain());
  EXPECT_EQ(ended, 20'000);
}

TEST(TaskGroup, SpawningUnderAnotherLoopIsRefused) {
  EventLoop loop;
  TaskGroup* open = nullptr;
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      open = &group;
      get_running_loop().stop();
      co_await sleep(0s);
    });
  };
  EXPECT_THROW(loop.run_until_complete(amain()), InvalidStateError);
  auto child = []() -> Task<> { co_return; };
  auto other = [&]() -> Task<> {
    try {
      open->spawn(child);
      ADD_FAILURE() << "no exception";
    } catch (const WrongLoopError& error) {
      EXPECT_NE(std::string(error.what()).find("task_group_test.cpp"), std::string::npos);
    }
    co_return;
  };
  run(other());
  EXPECT_THROW(open->spawn(child), NoRunningLoopError);
}

}  // namespace
}  // namespace rondo
