#include "rondo/runtime/wait.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class WaitTest : public OnEachBackend {
 protected:
  /// Notes how it ends.
  Task<int> give_after(Clock::duration delay, int value) {
    try {
      co_await sleep(delay);
    } catch (const Cancelled&) {
      ++cancelled_;
      throw;
    }
    co_return value;
  }

  static Task<int> fail_after(Clock::duration delay) {
    co_await sleep(delay);
    throw std::runtime_error("failed");
  }

  /// What a task throws when it is cancelled.
  static Task<int> fail_when_cancelled() {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    throw std::runtime_error("failed at the end");
  }

  std::vector<Task<int>> three_tasks() {
    std::vector<Task<int>> tasks;
    for (const int seconds : {3, 1, 2}) {
      tasks.push_back(give_after(std::chrono::seconds(seconds), seconds));
    }
    return tasks;
  }

  std::vector<TaskHandle<int>> three_in(TaskGroup& group) {
    std::vector<TaskHandle<int>> handles;
    for (auto& task : three_tasks()) handles.push_back(group.spawn(std::move(task)));
    return handles;
  }

  static std::vector<int> values_of(const std::vector<TaskHandle<int>>& handles) {
    std::vector<int> values;
    for (const auto& handle : handles) values.push_back(handle.result());
    return values;
  }

  int cancelled_ = 0;
};
RONDO_ON_EACH_BACKEND(WaitTest);

TEST_P(WaitTest, ForTheFirstOfAGroupLeavesTheOthersRunning) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto handles = three_in(group);
      const auto [done, pending] = co_await wait(handles, ReturnWhen::first_completed);
      EXPECT_EQ(time_.elapsed(), 1s);
      EXPECT_EQ(values_of(done), std::vector({1}));
      EXPECT_EQ(pending.size(), 2U);
      EXPECT_EQ(group.live(), 2U);
      const auto rest = co_await wait(pending);
      EXPECT_EQ(time_.elapsed(), 3s);
      EXPECT_EQ(values_of(rest.done), std::vector({3, 2}));
      EXPECT_TRUE(rest.pending.empty());
    });
  };
  run(amain());
  EXPECT_EQ(cancelled_, 0);
}

TEST_P(WaitTest, TakesAnyRangeOfHandlesAndReturnsAtOnceForWhatHasEnded) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      std::array handles{group.spawn(give_after(1s, 1)), group.spawn(give_after(2s, 2))};
      co_await handles[0].wait();
      const auto first = co_await wait(handles, ReturnWhen::first_completed);
      EXPECT_EQ(time_.elapsed(), 1s);
      EXPECT_EQ(first.done.size(), 1U);
      const auto all = co_await wait(handles);
      EXPECT_EQ(all.done.size(), 2U);
      const auto none = co_await wait(std::vector<TaskHandle<int>>());
      EXPECT_TRUE(none.done.empty());
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(WaitTest, ATimeLimitIsNoErrorAndEndsNoTaskOfAGroup) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto handles = three_in(group);
      const auto early = co_await wait(handles, ReturnWhen::all_completed, 1500ms);
      EXPECT_EQ(time_.elapsed(), 1500ms);
      EXPECT_EQ(values_of(early.done), std::vector({1}));
      EXPECT_EQ(early.pending.size(), 2U);
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 3s);
  EXPECT_EQ(cancelled_, 0);
}

TEST_P(WaitTest, CancellingTheWaitEndsNoTaskOfAGroup) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto handles = three_in(group);
      auto wait_for_all = [&]() -> Task<> {
        co_await wait(handles, ReturnWhen::all_completed, 1h);
      };
      EXPECT_THROW(co_await timeout(500ms, wait_for_all()), TimeoutError);
      EXPECT_EQ(group.live(), 3U);
    });
  };
  run(amain());
  EXPECT_EQ(cancelled_, 0);
}

TEST_P(WaitTest, SeveralMayWaitForTheSameTasks) {
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto handles = three_in(group);
      auto wait_for = [&](ReturnWhen when, Clock::duration end) -> Task<> {
        co_await wait(handles, when);
        EXPECT_EQ(time_.elapsed(), end);
      };
      group.spawn(wait_for(ReturnWhen::first_completed, 1s));
      group.spawn(wait_for(ReturnWhen::all_completed, 3s));
      co_await handles[2].wait();
      EXPECT_EQ(time_.elapsed(), 2s);
    });
  };
  run(amain());
}

TEST_P(WaitTest, TasksThatArePendingAreCancelledAndAwaitedBeforeItReturns) {
  auto amain = [&]() -> Task<> {
    const auto [done, pending] = co_await wait(three_tasks(), ReturnWhen::first_completed);
    EXPECT_EQ(values_of(done), std::vector({1}));
    EXPECT_EQ(pending.size(), 2U);
    for (const auto& handle : pending) EXPECT_TRUE(handle.cancelled());
    EXPECT_EQ(cancelled_, 2);
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(WaitTest, TasksThatEndInTimeAreAllDone) {
  auto amain = [&]() -> Task<> {
    const auto result = co_await wait(three_tasks(), ReturnWhen::all_completed, 4s);
    EXPECT_EQ(values_of(result.done), std::vector({3, 1, 2}));
    EXPECT_TRUE(result.pending.empty());
    const auto late = co_await wait(three_tasks(), ReturnWhen::all_completed, 2500ms);
    EXPECT_EQ(late.done.size(), 2U);
    EXPECT_EQ(late.pending.size(), 1U);
    const auto none = co_await wait(std::vector<Task<int>>(), ReturnWhen::first_completed);
    EXPECT_TRUE(none.done.empty());
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 5500ms);
}

TEST_P(WaitTest, TheFirstExceptionEndsItAndACancelledTaskDoesNot) {
  auto cancel_itself = []() -> Task<int> {
    throw Cancelled();
    co_return 0;
  };
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    tasks.push_back(cancel_itself());
    tasks.push_back(give_after(1s, 1));
    tasks.push_back(fail_after(2s));
    tasks.push_back(give_after(3s, 3));
    const auto [done, pending] = co_await wait(std::move(tasks), ReturnWhen::first_exception);
    EXPECT_EQ(time_.elapsed(), 2s);
    EXPECT_EQ(done.size(), 3U);
    EXPECT_EQ(pending.size(), 1U);
    EXPECT_TRUE(done[0].cancelled());
    EXPECT_EQ(done[1].exception(), nullptr);
    EXPECT_NE(done[2].exception(), nullptr);
    EXPECT_THROW(static_cast<void>(done[2].result()), std::runtime_error);
    const auto all = co_await wait(three_tasks(), ReturnWhen::first_exception);
    EXPECT_EQ(all.done.size(), 3U);
  };
  run(amain());
  EXPECT_TRUE(reports_.empty());
}

TEST_P(WaitTest, ACancellationFromOutsideReachesTheTasksAndNoErrorOfTheirsIsLost) {
  auto amain = [&]() -> Task<> {
    auto tasks = three_tasks();
    tasks.push_back(fail_when_cancelled());
    auto waiting = wait(std::move(tasks));
    EXPECT_THROW(static_cast<void>(co_await timeout(1500ms, std::move(waiting))), TimeoutError);
    EXPECT_EQ(cancelled_, 2);
  };
  run(amain());
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_NE(reports_[0].find("failed at the end"), std::string::npos) << reports_[0];
}

TEST_P(WaitTest, WhatATaskThrowsWhenItIsCancelledIsInItsHandle) {
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    tasks.push_back(fail_when_cancelled());
    tasks.push_back(give_after(1s, 1));
    const auto result = co_await wait(std::move(tasks), ReturnWhen::first_completed);
    EXPECT_EQ(result.pending.size(), 1U);
    EXPECT_THROW(static_cast<void>(result.pending[0].result()), std::runtime_error);
  };
  run(amain());
  EXPECT_TRUE(reports_.empty());
}

TEST_P(WaitTest, AResultThatCannotBeCopiedIsTaken) {
  auto give = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(4); };
  auto amain = [&]() -> Task<> {
    std::vector<Task<std::unique_ptr<int>>> tasks;
    tasks.push_back(give());
    const auto result = co_await wait(std::move(tasks));
    const auto value = result.done.front().take_result();
    EXPECT_EQ(*value, 4);
    std::vector<Task<>> nothing;
    nothing.push_back([]() -> Task<> { co_return; }());
    const auto ended = co_await wait(std::move(nothing));
    ended.done.front().take_result();
  };
  run(amain());
}

TEST_P(WaitTest, TenThousandTasksAreWaitedForInOneGo) {
  constexpr int kTasks = 10'000;
  auto amain = [&]() -> Task<> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < kTasks; ++i) tasks.push_back(give_after(std::chrono::seconds(i % 100), i));
    const auto result = co_await wait(std::move(tasks), ReturnWhen::all_completed, 49500ms);
    EXPECT_EQ(result.done.size(), kTasks / 2U);
    EXPECT_EQ(result.pending.size(), kTasks / 2U);
    EXPECT_EQ(cancelled_, kTasks / 2);
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
