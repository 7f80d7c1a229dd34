#include "rondo/runtime/task_name.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class TaskNameTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(TaskNameTest);

TEST_P(TaskNameTest, ASpawnedTaskHasItsNameFromItsFirstStep) {
  std::string seen;
  auto child = [&](std::unique_ptr<int> number) -> Task<int> {
    seen = get_running_loop().current_fiber()->name();
    co_await sleep(1s);
    co_return *number;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      const auto handle = group.spawn_named("feed", child, std::make_unique<int>(7));
      EXPECT_EQ(handle.name(), "feed");
      co_await handle.wait();
      EXPECT_EQ(handle.result(), 7);
      EXPECT_EQ(handle.name(), "feed");
    });
  };
  run(amain());
  EXPECT_EQ(seen, "feed");
}

TEST_P(TaskNameTest, TheNameMayBeMadeAtRunTimeAndChangedLater) {
  auto child = []() -> Task<> { co_await sleep(1s); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      for (int i = 0; i < 3; ++i) {
        auto handle = group.spawn_named("reader " + std::to_string(i), child);
        EXPECT_EQ(handle.name(), "reader " + std::to_string(i));
        handle.set_name("done");
        EXPECT_EQ(handle.name(), "done");
      }
      co_return;
    });
  };
  run(amain());
}

TEST(TaskName, KnowsThePlaceThatGaveIt) {
  const TaskName name("feed");
  const auto line = std::source_location::current().line() - 1;
  EXPECT_EQ(name.text(), "feed");
  EXPECT_EQ(name.where().line(), line);
}

TEST_P(TaskNameTest, TheSpawnSiteOfANamedTaskIsThatOfTheSpawner) {
  std::source_location seen;
  unsigned line = 0;
  auto child = [&]() -> Task<> {
    seen = get_running_loop().current_fiber()->spawn_site();
    co_return;
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      line = std::source_location::current().line() + 1;
      group.spawn_named("feed", child);
      co_return;
    });
  };
  run(amain());
  EXPECT_EQ(seen.line(), line);
  EXPECT_NE(std::string(seen.file_name()).find("task_name_test.cpp"), std::string::npos);
}

}  // namespace
}  // namespace rondo
