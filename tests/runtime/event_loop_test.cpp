// The life of a loop that is held by hand.

#include "rondo/runtime/event_loop.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class EventLoopTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(EventLoopTest);

TEST_P(EventLoopTest, RunsOneTaskAfterTheOther) {
  EventLoop loop(options());
  auto task = [](int value) -> Task<int> {
    co_await sleep(1s);
    co_return value;
  };
  EXPECT_EQ(loop.run_until_complete(task(1)), 1);
  EXPECT_EQ(loop.run_until_complete(task(2)), 2);
  auto fail = []() -> Task<> {
    throw std::runtime_error("third");
    co_return;
  };
  EXPECT_THROW(loop.run_until_complete(fail()), std::runtime_error);
  EXPECT_EQ(loop.run_until_complete(task(4)), 4);
  EXPECT_EQ(time_.elapsed(), 3s);
}

TEST_P(EventLoopTest, IsRunningOnlyWhileItRuns) {
  EventLoop loop(options());
  EXPECT_FALSE(loop.is_running());
  auto task = [&]() -> Task<> {
    EXPECT_TRUE(loop.is_running());
    EXPECT_EQ(&get_running_loop(), &loop);
    co_return;
  };
  loop.run_until_complete(task());
  EXPECT_FALSE(loop.is_running());
}

TEST_P(EventLoopTest, StopEndsARunWhoseTaskIsNotDoneAndCloseCancelsIt) {
  EventLoop loop(options());
  bool cancelled = false;
  auto task = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      cancelled = true;
      throw;
    }
  };
  loop.call_later(1s, [&] { loop.stop(); });
  try {
    loop.run_until_complete(task());
    ADD_FAILURE() << "no exception";
  } catch (const InvalidStateError& error) {
    EXPECT_THAT(error.what(), HasSubstr("stop() ended the run at event_loop_test.cpp:"));
  }
  EXPECT_FALSE(cancelled);
  loop.close();
  EXPECT_TRUE(cancelled);
}

TEST_P(EventLoopTest, ATaskThatStopLeftBehindGoesOnInTheNextRun) {
  EventLoop loop(options());
  bool ended = false;
  auto task = [&]() -> Task<> {
    co_await sleep(5s);
    ended = true;
  };
  loop.call_later(1s, [&] { loop.stop(); });
  EXPECT_THROW(loop.run_until_complete(task()), InvalidStateError);
  loop.call_later(10s, [&] { loop.stop(); });
  loop.run_forever();
  EXPECT_TRUE(ended);
}

TEST_P(EventLoopTest, TheErrorOfATaskThatStopLeftBehindIsLogged) {
  EventLoop loop(options());
  auto task = []() -> Task<> {
    co_await sleep(5s);
    throw std::runtime_error("nobody listens");
  };
  loop.call_later(1s, [&] { loop.stop(); });
  EXPECT_THROW(loop.run_until_complete(task()), InvalidStateError);
  loop.call_later(10s, [&] { loop.stop(); });
  loop.run_forever();
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("std::runtime_error: nobody listens")));
}

TEST_P(EventLoopTest, StopBeforeARunEndsItAfterOneTurn) {
  EventLoop loop(options());
  std::string order;
  loop.call_soon([&] {
    order += 'a';
    loop.call_soon([&] { order += 'b'; });
  });
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(order, "a");
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(order, "ab");
}

TEST_P(EventLoopTest, StopEndsTheTurnAndNotTheCallbacksInIt) {
  EventLoop loop(options());
  std::string order;
  loop.call_soon([&] {
    loop.stop();
    order += 'a';
  });
  loop.call_soon([&] { order += 'b'; });
  loop.run_forever();
  EXPECT_EQ(order, "ab");
}

TEST_P(EventLoopTest, ATaskMayStopItsRunInTheTurnInWhichItEnds) {
  EventLoop loop(options());
  auto task = [&]() -> Task<int> {
    loop.stop();
    co_return 3;
  };
  EXPECT_EQ(loop.run_until_complete(task()), 3);
}

TEST_P(EventLoopTest, WhatTheDestructorCancelsCanStillUseTheLoop) {
  std::string order;
  auto task = [&]() -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
    }
    auto cleanup = [&]() -> Task<> {
      co_await sleep(2s);
      order += "slept ";
    };
    co_await shield(cleanup());
    order += "done";
  };
  {
    EventLoop loop(options());
    loop.stop();
    EXPECT_THROW(loop.run_until_complete(task()), InvalidStateError);
  }
  EXPECT_EQ(order, "slept done");
  EXPECT_EQ(time_.elapsed(), 2s);
}

TEST_P(EventLoopTest, StopDuringTheClosingDoesNotDisturbIt) {
  bool ended = false;
  auto cleanup = [&]() -> Task<> {
    get_running_loop().stop();
    co_await sleep(20ms);
    ended = true;
  };
  EventLoop loop(real_time_options());
  loop.finish_in_background(cleanup());
  loop.close();
  EXPECT_TRUE(ended);
}

TEST_P(EventLoopTest, BackgroundWorkOutlivesTheTaskThatLeftIt) {
  bool ended = false;
  auto cleanup = [&]() -> Task<> {
    co_await sleep(3s);
    ended = true;
  };
  auto amain = [&]() -> Task<> {
    CancelScope scope;
    scope.cancel();
    get_running_loop().finish_in_background(cleanup());  // outside every scope
    co_return;
  };
  run(amain());
  EXPECT_TRUE(ended);
  EXPECT_EQ(time_.elapsed(), 3s);
}

TEST_P(EventLoopTest, WhatBackgroundWorkThrowsGoesToTheLog) {
  auto fail = []() -> Task<> {
    throw std::runtime_error("close_notify");
    co_return;
  };
  auto amain = [&]() -> Task<> {
    get_running_loop().finish_in_background(fail());
    co_return;
  };
  run(amain());
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("std::runtime_error: close_notify")));
}

TEST_P(EventLoopTest, AFailingLogDisturbsNobody) {
  auto loop_options = options();
  loop_options.log = [](std::string_view) { throw std::runtime_error("disk full"); };
  EventLoop loop(loop_options);
  loop.call_soon([] { throw std::runtime_error("logged"); });
  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();
}

TEST_P(EventLoopTest, LogsToStandardErrorByDefault) {
  auto loop_options = options();
  loop_options.log = {};
  EventLoop loop(loop_options);
  ::testing::internal::CaptureStderr();
  loop.log("a report");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "rondo: a report\n");
}

TEST_P(EventLoopTest, TwoLoopsOfOneThreadTakeTurns) {
  EventLoop first(options());
  EventLoop second(options());
  auto task = [](EventLoop& loop) -> Task<> {
    EXPECT_EQ(&get_running_loop(), &loop);
    co_await sleep(1s);
    EXPECT_EQ(&get_running_loop(), &loop);
  };
  first.run_until_complete(task(first));
  second.run_until_complete(task(second));
  first.run_until_complete(task(first));
}

}  // namespace
}  // namespace rondo
