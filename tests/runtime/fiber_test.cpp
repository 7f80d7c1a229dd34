// The chain of awaits of a fiber, and what its parts remember.

#include "rondo/runtime/fiber.hpp"

#include <gtest/gtest.h>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber_frame.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/task_group.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class FiberTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(FiberTest);

std::uint_least32_t innermost_line = 0;
std::uint_least32_t middle_line = 0;

Task<> innermost() {
  innermost_line = std::source_location::current().line() + 1;
  co_await sleep(1s);
}

Task<int> middle() {
  middle_line = std::source_location::current().line() + 1;
  co_await innermost();
  co_return 1;
}

TEST_P(FiberTest, KnowsThePlacesOfItsAwaitsInnermostFirst) {
  auto amain = []() -> Task<> {
    detail::Fiber* fiber = get_running_loop().current_fiber();
    std::vector<std::source_location> stack;
    get_running_loop().call_soon([&] { stack = fiber->stack(); });
    const auto outer_line = std::source_location::current().line() + 1;
    co_await middle();
    EXPECT_GE(stack.size(), 3U);
    if (stack.size() < 3) co_return;
    EXPECT_EQ(stack[0].line(), innermost_line);
    EXPECT_EQ(stack[1].line(), middle_line);
    EXPECT_EQ(stack[2].line(), outer_line);
    EXPECT_EQ(detail::to_string(stack[0]), "fiber_test.cpp:" + std::to_string(innermost_line));
  };
  run(amain());
}

TEST_P(FiberTest, AnEndedOneHasNoStack) {
  EventLoop loop(options());
  auto task = []() -> Task<> { co_await sleep(1s); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto handle = group.spawn(task);
      handle.set_name("worker");
      EXPECT_EQ(handle.name(), "worker");
      co_await handle.wait();
    });
  };
  loop.run_until_complete(amain());
  auto frame = detail::FiberFrame<void>::of_task(loop, task());
  EXPECT_FALSE(frame->has_ended());
  EXPECT_TRUE(frame->stack().size() <= 1);
}

TEST_P(FiberTest, OneThatNeverStartedIsFreedWithItsTask) {
  EventLoop loop(options());
  const auto held = std::make_shared<int>(1);
  auto task = [](std::shared_ptr<int>) -> Task<> { co_return; };
  {
    const auto frame = detail::FiberFrame<void>::of_task(loop, task(held));
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST_P(FiberTest, ACountedPointerCanBeCopiedMovedAndAssigned) {
  EventLoop loop(options());
  const auto held = std::make_shared<int>(1);
  auto task = [](std::shared_ptr<int>) -> Task<> { co_return; };
  {
    auto first = detail::FiberFrame<void>::of_task(loop, task(held));
    auto second = first;
    auto third = std::move(first);
    second = detail::FiberFrame<void>::of_task(loop, task(nullptr));
    third = second;
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_FALSE(third->has_ended());
  }
}

}  // namespace
}  // namespace rondo
