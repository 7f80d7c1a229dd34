#include "rondo/runtime/task_handle.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "give_after.hpp"
#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class TaskHandleTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TaskHandleTest);

TEST_P(TaskHandleTest, WaitsForTheTaskAndReadsItsResult) {
  auto amain = []() -> Task<int> {
    co_return co_await with_task_group([](TaskGroup& group) -> Task<int> {
      auto first = group.spawn(give_after, 2s, 1);
      auto second = group.spawn(give_after(1s, 2));
      co_await first.wait();
      co_await second.wait();  // has ended long ago
      EXPECT_TRUE(first.done());
      EXPECT_FALSE(first.cancelled());
      co_return first.result() + second.result();
    });
  };
  EXPECT_EQ(run(amain()), 3);
}

TEST_P(TaskHandleTest, SeveralMayWaitForOneTask) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      const auto handle = group.spawn(give_after, 1s, 1);
      co_await gather(handle.wait(), handle.wait(), handle.wait());
      EXPECT_TRUE(handle.done());
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TaskHandleTest, AWaitOutlivesTheHandleItWasAskedOf) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      std::vector<Task<>> waits;
      for (int i = 0; i < 3; ++i) waits.push_back(group.spawn(give_after, 1s, i).wait());
      co_await gather(std::move(waits));
      EXPECT_EQ(group.live(), 0U);
    });
  };
  run(amain());
}

TEST_P(TaskHandleTest, ReadingTheResultBeforeTheEndIsRefused) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(give_after, 1s, 1);
      EXPECT_FALSE(handle.done());
      EXPECT_FALSE(handle.cancelled());
      EXPECT_THROW(static_cast<void>(handle.result()), InvalidStateError);
      co_return;
    });
  };
  run(amain());
}

TEST_P(TaskHandleTest, TheResultOfAFailedTaskThrowsItsException) {
  auto fail = []() -> Task<int> {
    throw std::runtime_error("failed");
    co_return 0;
  };
  auto amain = [&]() -> Task<> {
    std::optional<TaskHandle<int>> handle;
    EXPECT_THROW(co_await with_task_group([&](TaskGroup& group) -> Task<> {
                   handle = group.spawn(fail);
                   co_return;
                 }),
                 std::runtime_error);
    EXPECT_TRUE(handle->done());
    EXPECT_FALSE(handle->cancelled());
    EXPECT_THROW(static_cast<void>(handle->result()), std::runtime_error);
    EXPECT_THROW(static_cast<void>(handle->result()), std::runtime_error);
  };
  run(amain());
}

TEST_P(TaskHandleTest, CancellingEndsTheTaskAndAllItHasSpawned) {
  int cancelled = 0;
  auto leaf = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      ++cancelled;
      throw;
    }
  };
  auto parent = [&]() -> Task<> { co_await gather(leaf(), leaf()); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(parent);
      co_await sleep(1s);
      handle.cancel("enough");
      EXPECT_FALSE(handle.done());
      co_await handle.wait();
      EXPECT_TRUE(handle.cancelled());
      EXPECT_THROW(static_cast<void>(handle.result()), Cancelled);
      EXPECT_EQ(cancelled, 2);
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 1s);
}

TEST_P(TaskHandleTest, ATaskCancelledBeforeItsFirstStepRunsToItsFirstWait) {
  std::string order;
  auto child = [&]() -> Task<> {
    order += "a";
    co_await sleep(1s);
    order += "b";
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(child);
      handle.cancel();
      co_await handle.wait();
      EXPECT_TRUE(handle.cancelled());
    });
  };
  run(amain());
  EXPECT_EQ(order, "a");
}

TEST_P(TaskHandleTest, ATaskThatHandlesItsCancellationIsNotCancelled) {
  auto child = []() -> Task<int> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    co_return 4;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(child);
      co_await sleep(0s);
      handle.cancel();
      co_await handle.wait();
      EXPECT_FALSE(handle.cancelled());
      EXPECT_EQ(handle.result(), 4);
    });
  };
  run(amain());
}

TEST_P(TaskHandleTest, CancellingTheWaitDoesNotCancelTheTask) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(give_after, 5s, 6);
      EXPECT_THROW(co_await timeout(1s, handle.wait()), TimeoutError);
      EXPECT_FALSE(handle.done());
      co_await handle.wait();
      EXPECT_EQ(handle.result(), 6);
    });
  };
  run(amain());
  EXPECT_EQ(time_.elapsed(), 5s);
}

TEST_P(TaskHandleTest, CancellingAnEndedTaskDoesNothing) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(give_after, 0s, 1);
      co_await handle.wait();
      handle.cancel();
      EXPECT_FALSE(handle.cancelled());
      EXPECT_EQ(handle.result(), 1);
    });
  };
  run(amain());
}

TEST_P(TaskHandleTest, OutlivesItsGroupAndItsLoop) {
  std::optional<TaskHandle<std::string>> kept;
  auto child = []() -> Task<std::string> { co_return "still here"; };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      kept = group.spawn(child);
      kept->set_name("reader");
      co_return;
    });
  };
  run(amain());
  EXPECT_TRUE(kept->done());
  EXPECT_EQ(kept->result(), "still here");
  EXPECT_EQ(kept->name(), "reader");
  kept->cancel();
  const TaskHandle<std::string> copy = *kept;
  kept.reset();
  EXPECT_EQ(copy.result(), "still here");
}

TEST_P(TaskHandleTest, AVoidTaskHasAResultTooSoThatItsErrorCanBeAskedFor) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      auto handle = group.spawn([]() -> Task<> { co_return; });
      co_await handle.wait();
      EXPECT_EQ(handle.result(), std::monostate());
    });
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
