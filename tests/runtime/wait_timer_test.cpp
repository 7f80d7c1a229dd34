// When the timer of waits is set, and that a wait ends with it.

#include "rondo/runtime/wait_timer.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/timerfd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/epoll_reactor.hpp"
#include "rondo/runtime/reactor.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::detail {
namespace {

using namespace std::chrono_literals;

constexpr auto kForever = Reactor::kForever;

/// How long it is until the timer goes off; 0: it is not set.
std::chrono::nanoseconds left(const WaitTimer& timer) {
  itimerspec times{};
  EXPECT_EQ(::timerfd_gettime(timer.descriptor(), &times), 0);
  return std::chrono::seconds(times.it_value.tv_sec) +
         std::chrono::nanoseconds(times.it_value.tv_nsec);
}

bool goes_off(WaitTimer& timer) {
  pollfd watched{timer.descriptor(), POLLIN, 0};
  int count = -1;
  do {
    count = ::poll(&watched, 1, 10'000);
  } while (count < 0 && errno == EINTR);
  if (count == 1) timer.went_off();
  return count == 1;
}

TEST(WaitTimer, LeavesShortWaitsAlone) {
  WaitTimer timer;
  for (const auto limit : {kForever, 0ms, 1ms, 49ms}) EXPECT_EQ(timer.limit_wait(limit), limit);
  EXPECT_EQ(left(timer), 0ns);
}

TEST(WaitTimer, IsSetForALongWait) {
  WaitTimer timer;
  EXPECT_EQ(timer.limit_wait(100s), kForever);
  EXPECT_GT(left(timer), 50s);
  EXPECT_LE(left(timer), 100s);
}

TEST(WaitTimer, StaysForAShorterWaitThatEndsNoEarlier) {
  WaitTimer timer;
  timer.limit_wait(100ms);
  WaitTimer half;
  half.limit_wait(50ms);
  EXPECT_TRUE(goes_off(half));
  EXPECT_EQ(timer.limit_wait(90ms), kForever);
  EXPECT_LE(left(timer), 50ms);
}

TEST(WaitTimer, GoesOffForTheWaitThatEndsFirst) {
  for (const auto& [first, second] : {std::pair{100s, 1000s}, std::pair{1000s, 100s}}) {
    WaitTimer timer;
    timer.limit_wait(first);
    EXPECT_EQ(timer.limit_wait(second), kForever);
    EXPECT_LE(left(timer), 100s);
  }
}

TEST(WaitTimer, IsSetAnewWhenItHasGoneOff) {
  WaitTimer timer;
  for (int i = 0; i < 2; ++i) {
    const auto begun = Clock::now();
    EXPECT_EQ(timer.limit_wait(50ms), kForever);
    EXPECT_TRUE(goes_off(timer));
    EXPECT_GE(Clock::now() - begun, 50ms);
  }
  EXPECT_EQ(timer.limit_wait(100s), kForever);
  EXPECT_GT(left(timer), 50s);
}

TEST(WaitTimer, WakesADayLongWaitOnce) {
  WaitTimer timer;
  EXPECT_EQ(timer.limit_wait(std::chrono::milliseconds::max()), kForever);
  EXPECT_LE(left(timer), 24h);
}

TEST(WaitTimer, EndsTheWaitsOfAReactorOneAfterTheOther) {
  EpollReactor reactor;
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(reactor.poll(60ms)) << "nothing has come";
}

TEST(WaitTimer, EndsNoSleepTooEarly) {
  const auto sleep_often = []() -> Task<> {
    for (int i = 0; i < 3; ++i) {
      const auto begun = Clock::now();
      co_await sleep(60ms);
      EXPECT_GE(Clock::now() - begun, 60ms);
    }
  };
  run(sleep_often(), {.backend = Backend::epoll});
}

TEST(WaitTimer, DoesNotEndAReactorsForeverAgain) {
  EpollReactor reactor;
  EXPECT_FALSE(reactor.poll(60ms));
  reactor.wake();
  EXPECT_TRUE(reactor.poll(kForever)) << "the wake, and not the timer that has gone off";
}

}  // namespace
}  // namespace rondo::detail
