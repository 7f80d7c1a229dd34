// `run` and `Runner`.

#include "rondo/runtime/run.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "on_each_backend.hpp"
#include "own_resources.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class RunTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(RunTest);

TEST_P(RunTest, GivesTheValueOfMain) {
  auto amain = []() -> Task<std::unique_ptr<std::string>> {
    co_await sleep(1s);
    co_return std::make_unique<std::string>("value");
  };
  EXPECT_EQ(*run(amain()), "value");
}

TEST_P(RunTest, ThrowsWhatMainThrows) {
  auto amain = []() -> Task<int> {
    co_await sleep(1s);
    throw std::runtime_error("main failed");
  };
  EXPECT_THROW(run(amain()), std::runtime_error);
}

TEST_P(RunTest, RunsWithTheDefaultOptions) {
  auto amain = []() -> Task<int> { co_return 1; };
  EXPECT_EQ(rondo::run(amain()), 1);
}

TEST_P(RunTest, CanBeCalledAgainAndAgain) {
  auto amain = [](int value) -> Task<int> {
    co_await sleep(0s);
    co_return value;
  };
  for (int i = 0; i < 200; ++i) ASSERT_EQ(run(amain(i)), i);
}

TEST_P(RunTest, LeavesNoDescriptorAndNoThreadBehind) {
  auto amain = []() -> Task<> {
    co_await with_task_group([](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 4; ++i) {
        group.spawn([]() -> Task<> { co_await to_thread([] {}); });
      }
      co_return;
    });
  };
  rondo::run(amain(), real_time_options());  // what libraries open once is open now
  const std::size_t descriptors = open_descriptors();
  const std::size_t threads = live_threads();
  for (int i = 0; i < 5; ++i) rondo::run(amain(), real_time_options());
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_TRUE(has_threads(threads));
}

TEST_P(RunTest, LeavesNothingBehindWhenMainFails) {
  auto amain = []() -> Task<> {
    co_await to_thread([] {});
    throw std::runtime_error("failed");
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), std::runtime_error);
  const std::size_t descriptors = open_descriptors();
  const std::size_t threads = live_threads();
  EXPECT_THROW(rondo::run(amain(), real_time_options()), std::runtime_error);
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_TRUE(has_threads(threads));
}

class RunnerTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(RunnerTest);

TEST_P(RunnerTest, RunsSeveralTasksOnOneLoop) {
  Runner runner(options());
  EventLoop* loop = nullptr;
  auto first = [&]() -> Task<int> {
    loop = &get_running_loop();
    co_await sleep(1s);
    co_return 1;
  };
  auto second = [&]() -> Task<int> {
    EXPECT_EQ(&get_running_loop(), loop);
    co_return 2;
  };
  EXPECT_EQ(runner.run(first()), 1);
  EXPECT_EQ(runner.run(second()), 2);
  EXPECT_EQ(&runner.loop(), loop);
}

TEST_P(RunnerTest, GoesOnAfterATaskThatFailed) {
  Runner runner(options());
  auto fail = []() -> Task<> {
    throw std::runtime_error("first");
    co_return;
  };
  auto succeed = []() -> Task<int> { co_return 2; };
  EXPECT_THROW(runner.run(fail()), std::runtime_error);
  EXPECT_EQ(runner.run(succeed()), 2);
}

TEST_P(RunnerTest, RefusesToRunAfterClose) {
  Runner runner(options());
  auto task = []() -> Task<> { co_return; };
  runner.run(task());
  runner.close();
  runner.close();
  try {
    runner.run(task());
    ADD_FAILURE() << "no exception";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Event loop is closed: by close() at run_test.cpp:"));
  }
}

TEST_P(RunnerTest, ItsDestructorIsNamedAsTheEndOfItsLoop) {
  std::optional<LoopHandle> handle;
  {
    Runner runner(options());
    handle = runner.loop().handle();
  }
  try {
    handle->call_soon_threadsafe([] {});
    ADD_FAILURE() << "no exception";
  } catch (const LoopClosedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("by ~Runner() at run_test.cpp:"));
  }
}

TEST_P(RunnerTest, MayEndInsideAnothersRun) {
  auto runner = std::make_unique<Runner>(options());
  auto amain = [&]() -> Task<> {
    runner.reset();
    co_await sleep(1s);
  };
  run(amain());
}

}  // namespace
}  // namespace rondo
