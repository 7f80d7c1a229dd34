#include "rondo/testing/virtual_time.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/to_thread.hpp"

namespace rondo::testing {
namespace {

using namespace std::chrono_literals;

TEST(VirtualTime, ASleepTakesNoRealTime) {
  VirtualTime time;
  const auto begin = Clock::now();
  auto amain = []() -> Task<> { co_await sleep(24h * 365); };
  run(amain(), {.time = &time});
  EXPECT_EQ(time.elapsed(), 24h * 365);
  EXPECT_LT(Clock::now() - begin, 5s);
}

TEST(VirtualTime, AdvancingByHandMakesTimersDue) {
  VirtualTime time;
  EventLoop loop({.time = &time});
  bool called = false;
  loop.call_later(10s, [&] {
    called = true;
    loop.stop();
  });
  time.advance(10s);
  loop.run_forever();
  EXPECT_TRUE(called);
  EXPECT_EQ(time.elapsed(), 10s);
}

TEST(VirtualTime, NeverGoesBack) {
  VirtualTime time;
  const auto start = time.now();
  time.advance(5s);
  time.skip_to(start + 1s);
  EXPECT_EQ(time.now(), start + 5s);
  time.skip_to(start + 7s);
  EXPECT_EQ(time.elapsed(), 7s);
}

TEST(VirtualTime, WaitsForWorkerThreadsInsteadOfJumpingOverThem) {
  VirtualTime time;
  bool timer_was_first = false;
  auto amain = [&]() -> Task<> {
    const CallHandle timer = get_running_loop().call_later(1h, [&] { timer_was_first = true; });
    co_await to_thread([] {});
  };
  run(amain(), {.time = &time});
  EXPECT_FALSE(timer_was_first);
}

}  // namespace
}  // namespace rondo::testing
