// Ctrl-C (docs/design.md §5, L9).

#include <gtest/gtest.h>
#include <signal.h>

#include <latch>
#include <stdexcept>
#include <thread>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"
#include "own_resources.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

using Handler = void (*)(int);

Handler current_handler() {
  struct sigaction action{};
  ::sigaction(SIGINT, nullptr, &action);
  return action.sa_handler;
}

class InterruptTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(InterruptTest);

/// Sends SIGINT and then waits to be cancelled; the time-out is there for the test that fails.
Task<> interrupt_and_wait() {
  ::raise(SIGINT);
  co_await sleep(1min);
}

TEST_P(InterruptTest, CancelsMainAndThrowsInterruptedAfterTheCleanUp) {
  bool cleaned_up = false;
  auto amain = [&]() -> Task<> {
    try {
      co_await interrupt_and_wait();
    } catch (const Cancelled&) {
    }
    auto cleanup = [&]() -> Task<> {
      co_await sleep(1ms);
      cleaned_up = true;
    };
    co_await shield(cleanup());
    co_await sleep(1min);
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), Interrupted);
  EXPECT_TRUE(cleaned_up);
}

TEST_P(InterruptTest, ReachesEverythingMainHasSpawned) {
  int cancelled = 0;
  auto child = [&]() -> Task<> {
    try {
      co_await sleep(1min);
    } catch (const Cancelled&) {
      ++cancelled;
      throw;
    }
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(child);
      group.spawn(child);
      co_await interrupt_and_wait();
    });
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), Interrupted);
  EXPECT_EQ(cancelled, 2);
}

TEST_P(InterruptTest, WakesALoopThatWaitsForNothingElse) {
  auto amain = []() -> Task<> {
    auto& loop = get_running_loop();
    const auto main_thread = pthread_self();
    std::thread sender;
    loop.call_soon([&] { sender = std::thread([=] { pthread_kill(main_thread, SIGINT); }); });
    try {
      co_await sleep(Clock::duration::max());
    } catch (const Cancelled&) {
      sender.join();
      throw;
    }
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), Interrupted);
}

TEST_P(InterruptTest, MainMayHandleItAndGiveAValue) {
  auto amain = []() -> Task<int> {
    try {
      co_await interrupt_and_wait();
    } catch (const Cancelled&) {
    }
    co_return 130;
  };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), 130);
}

TEST_P(InterruptTest, AnotherErrorOfMainComesOutAsItIs) {
  auto amain = []() -> Task<> {
    try {
      co_await interrupt_and_wait();
    } catch (const Cancelled&) {
      throw std::runtime_error("cleanup failed");
    }
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), std::runtime_error);
}

TEST_P(InterruptTest, ACancellationOfAnotherKindIsNotCalledInterrupted) {
  auto amain = []() -> Task<> {
    throw Cancelled();
    co_return;
  };
  EXPECT_THROW(rondo::run(amain(), real_time_options()), Cancelled);
}

TEST_P(InterruptTest, TheNextRunIsUndisturbed) {
  EXPECT_THROW(rondo::run(interrupt_and_wait(), real_time_options()), Interrupted);
  auto amain = []() -> Task<int> {
    co_await sleep(1ms);
    co_return 1;
  };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), 1);
  EXPECT_THROW(rondo::run(interrupt_and_wait(), real_time_options()), Interrupted);
}

TEST_P(InterruptTest, ARunnerGoesOnAfterwards) {
  Runner runner(real_time_options());
  EXPECT_THROW(runner.run(interrupt_and_wait()), Interrupted);
  auto task = []() -> Task<int> { co_return 2; };
  EXPECT_EQ(runner.run(task()), 2);
}

TEST_P(InterruptTest, TheHandlerIsThereForTheRunOnly) {
  EXPECT_EQ(current_handler(), SIG_DFL);
  auto amain = []() -> Task<> {
    EXPECT_NE(current_handler(), SIG_DFL);
    co_return;
  };
  rondo::run(amain(), real_time_options());
  EXPECT_EQ(current_handler(), SIG_DFL);
}

TEST_P(InterruptTest, LeavesNoDescriptorBehind) {
  EXPECT_THROW(rondo::run(interrupt_and_wait(), real_time_options()), Interrupted);
  const std::size_t descriptors = open_descriptors();
  EXPECT_THROW(rondo::run(interrupt_and_wait(), real_time_options()), Interrupted);
  EXPECT_EQ(open_descriptors(), descriptors);
}

volatile sig_atomic_t own_handler_calls = 0;

TEST_P(InterruptTest, AHandlerOfTheProgramIsLeftAlone) {
  ::signal(SIGINT, [](int) { own_handler_calls = own_handler_calls + 1; });
  own_handler_calls = 0;
  auto amain = []() -> Task<int> {
    ::raise(SIGINT);
    co_await sleep(1ms);
    co_return 1;
  };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), 1);
  EXPECT_EQ(own_handler_calls, 1);
  ::signal(SIGINT, SIG_DFL);
}

TEST_P(InterruptTest, CanBeSwitchedOff) {
  auto options = real_time_options();
  options.handle_sigint = false;
  auto amain = []() -> Task<> {
    EXPECT_EQ(current_handler(), SIG_DFL);
    co_return;
  };
  rondo::run(amain(), options);
}

TEST_P(InterruptTest, IsForTheMainThreadOnly) {
  auto amain = []() -> Task<> {
    EXPECT_EQ(current_handler(), SIG_DFL);
    co_return;
  };
  std::thread([&] { rondo::run(amain(), real_time_options()); }).join();
}

TEST_P(InterruptTest, AnEventLoopOfOnesOwnDoesNotTouchIt) {
  EventLoop loop(real_time_options());
  auto task = []() -> Task<> {
    EXPECT_EQ(current_handler(), SIG_DFL);
    co_return;
  };
  loop.run_until_complete(task());
}

TEST_P(InterruptTest, OneThatComesInMainsLastStepLeavesItsResult) {
  auto amain = []() -> Task<int> {
    ::raise(SIGINT);
    co_return 4;
  };
  EXPECT_EQ(rondo::run(amain(), real_time_options()), 4);
}

using InterruptDeathTest = InterruptTest;
RONDO_ON_EACH_BACKEND(InterruptDeathTest);

TEST_P(InterruptDeathTest, TheSecondEndsTheProcessAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  auto stubborn = []() -> Task<> {
    try {
      co_await interrupt_and_wait();
    } catch (const Cancelled&) {
    }
    ::raise(SIGINT);
    auto never = []() -> Task<> { co_await sleep(1min); };
    co_await shield(never());
  };
  EXPECT_EXIT(rondo::run(stubborn(), real_time_options()), ::testing::KilledBySignal(SIGINT), "");
}

TEST_P(InterruptDeathTest, TheSecondEndsAProcessWhoseLoopIsBlocked) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  auto blocked = []() -> Task<> {
    ::raise(SIGINT);
    ::raise(SIGINT);
    ADD_FAILURE() << "still alive";
    co_return;
  };
  EXPECT_EXIT(rondo::run(blocked(), real_time_options()), ::testing::KilledBySignal(SIGINT), "");
}

}  // namespace
}  // namespace rondo
