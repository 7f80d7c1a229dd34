// Callbacks on the loop: `call_soon`, `call_later`, `call_at`, and taking them back.

#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>

#include "rondo/runtime/sleep.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CallTest : public OnEachBackend {
 protected:
  /// A callback that notes its name.
  std::function<void()> note(char name) {
    return [this, name] { order_ += name; };
  }

  /// Runs `loop` until nothing is due any more within `limit`.
  void run_for(EventLoop& loop, Clock::duration limit) {
    loop.call_later(limit, [&loop] { loop.stop(); });
    loop.run_forever();
  }

  std::string order_;
};
RONDO_ON_EACH_BACKEND(CallTest);

TEST_P(CallTest, SoonRunsInTheOrderOfTheCalls) {
  EventLoop loop(options());
  for (const char name : {'a', 'b', 'c'}) loop.call_soon(note(name));
  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();
  EXPECT_EQ(order_, "abc");
}

TEST_P(CallTest, SoonFromACallbackRunsInTheNextTurn) {
  EventLoop loop(options());
  loop.call_soon([&] {
    order_ += 'a';
    loop.call_soon(note('d'));
    loop.call_soon_threadsafe(note('e'));
    loop.call_soon([&] { loop.stop(); });
    order_ += 'b';
  });
  loop.call_soon(note('c'));
  loop.run_forever();
  EXPECT_EQ(order_, "abcde");
}

TEST_P(CallTest, SoonAndThreadsafeKeepTheirOrderOnTheLoopsThread) {
  EventLoop loop(options());
  const auto handle = loop.handle();
  loop.call_soon(note('a'));
  loop.call_soon_threadsafe(note('b'));
  loop.call_soon(note('c'));
  handle.call_soon_threadsafe(note('d'));
  loop.call_soon([&] { loop.stop(); });
  loop.run_forever();
  EXPECT_EQ(order_, "abcd");
}

TEST_P(CallTest, ACallbackThatSchedulesItselfDoesNotStarveTimers) {
  EventLoop loop(real_time_options());
  std::function<void()> again = [&] { loop.call_soon(again); };
  loop.call_soon(again);
  loop.call_later(5ms, [&] { loop.stop(); });
  loop.run_forever();  // ends
}

TEST_P(CallTest, LaterRunsInTheOrderOfTheTimes) {
  EventLoop loop(options());
  loop.call_later(3s, note('c'));
  loop.call_later(1s, note('a'));
  loop.call_later(2s, note('b'));
  loop.call_later(2s, note('B'));
  run_for(loop, 5s);
  EXPECT_EQ(order_, "abBc");
  EXPECT_EQ(time_.elapsed(), 5s);
}

TEST_P(CallTest, LaterOfZeroOrLessIsSoonAndTakesNoTime) {
  EventLoop loop(options());
  loop.call_later(0s, note('a'));
  loop.call_later(-5s, note('b'));
  loop.call_later(Clock::duration::min(), note('c'));
  loop.call_later(0s, [&] { loop.stop(); });
  loop.run_forever();
  EXPECT_EQ(order_, "abc");
  EXPECT_EQ(time_.elapsed(), 0s);
}

TEST_P(CallTest, SoonGoesBeforeLaterOfZero) {
  EventLoop loop(options());
  loop.call_later(0s, note('b'));
  loop.call_soon(note('a'));
  run_for(loop, 1s);
  EXPECT_EQ(order_, "ab");
}

TEST_P(CallTest, AtRunsAtThatTimeOrAtOnceWhenItHasPassed) {
  EventLoop loop(options());
  const auto start = time_.now();
  Clock::time_point called_at;
  loop.call_at(start + 7s, [&] { called_at = loop.now(); });
  loop.call_at(start - 7s, note('p'));
  loop.call_at(Clock::time_point::min(), note('q'));
  loop.call_at(Clock::time_point::max(), note('x'));
  run_for(loop, 10s);
  EXPECT_EQ(called_at, start + 7s);
  EXPECT_EQ(order_, "pq");
}

TEST_P(CallTest, LaterCountsFromTheCallAlsoWhileTheLoopStandsStill) {
  EventLoop loop(options());
  time_.advance(1h);
  const auto scheduled = time_.now();
  Clock::time_point called_at;
  loop.call_later(1s, [&] { called_at = time_.now(); });
  run_for(loop, 5s);
  EXPECT_EQ(called_at, scheduled + 1s);
}

TEST_P(CallTest, NowIsReadOnceATurn) {
  EventLoop loop(options());
  loop.call_soon([&] {
    const auto before = loop.now();
    time_.advance(1s);
    EXPECT_EQ(loop.now(), before);
    loop.call_soon([&, before] {
      EXPECT_EQ(loop.now(), before + 1s);
      loop.stop();
    });
  });
  loop.run_forever();
}

TEST_P(CallTest, ACancelledCallDoesNotRunAndFreesItsCallbackAtOnce) {
  EventLoop loop(options());
  const auto held = std::make_shared<int>(0);
  auto soon = loop.call_soon([held] { FAIL() << "cancelled"; });
  auto later = loop.call_later(1s, [held] { FAIL() << "cancelled"; });
  EXPECT_EQ(held.use_count(), 3);
  EXPECT_FALSE(soon.cancelled());
  soon.cancel();
  later.cancel();
  later.cancel();
  EXPECT_TRUE(soon.cancelled());
  EXPECT_EQ(held.use_count(), 1);
  run_for(loop, 5s);
}

TEST_P(CallTest, ACallbackMayCancelAnotherOfTheSameTurn) {
  EventLoop loop(options());
  std::optional<CallHandle> second;
  loop.call_soon([&] { second->cancel(); });
  second = loop.call_soon(note('x'));
  run_for(loop, 1s);
  EXPECT_EQ(order_, "");
}

TEST_P(CallTest, CancellingACallThatHasRunDoesNothing) {
  EventLoop loop(options());
  auto call = loop.call_soon(note('a'));
  std::optional<CallHandle> self;
  self = loop.call_soon([&] { self->cancel(); });
  run_for(loop, 1s);
  call.cancel();
  EXPECT_FALSE(call.cancelled());
  EXPECT_EQ(order_, "a");
}

TEST_P(CallTest, AHandleMayBeUsedAfterTheEndOfItsLoop) {
  std::optional<CallHandle> call;
  const auto held = std::make_shared<int>(0);
  {
    EventLoop loop(options());
    call = loop.call_later(1h, [held] {});
  }
  EXPECT_EQ(held.use_count(), 1) << "closing the loop frees the callbacks that never ran";
  call->cancel();
}

TEST_P(CallTest, WhatACallbackThrowsGoesToTheLogAndTheOthersRun) {
  EventLoop loop(options());
  loop.call_soon([] { throw std::runtime_error("first"); });
  loop.call_later(1s, [] { throw std::out_of_range("second"); });
  loop.call_later(1s, note('a'));
  loop.call_soon([] { throw 42; });  // NOLINT(hicpp-exception-baseclass): also that
  run_for(loop, 5s);
  EXPECT_EQ(order_, "a");
  EXPECT_THAT(reports_, ElementsAre("error in a callback: std::runtime_error: first",
                                    "error in a callback: int",
                                    "error in a callback: std::out_of_range: second"));
}

TEST_P(CallTest, AnEmptyFunctionIsReported) {
  EventLoop loop(options());
  loop.call_soon({});
  run_for(loop, 1s);
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("bad_function_call")));
}

TEST_P(CallTest, CallbacksAndTasksTakeTurns) {
  auto task = [&]() -> Task<> {
    get_running_loop().call_soon(note('b'));
    order_ += 'a';
    co_await sleep(0s);
    order_ += 'c';
  };
  run(task());
  EXPECT_EQ(order_, "abc");
}

TEST_P(CallTest, TenThousandTimersInRandomOrderRunInOrder) {
  EventLoop loop(options());
  std::vector<std::uint32_t> called;
  std::uint32_t random = 1;
  for (int i = 0; i < 10'000; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    const std::uint32_t delay = 1 + random % 1'000'000;
    loop.call_later(std::chrono::milliseconds(delay), [&, delay] { called.push_back(delay); });
  }
  run_for(loop, 1'001s);
  EXPECT_EQ(called.size(), 10'000U);
  EXPECT_TRUE(std::is_sorted(called.begin(), called.end()));
}

}  // namespace
}  // namespace rondo
