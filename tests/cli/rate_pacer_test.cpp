#include "cli/rate_pacer.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

const Clock::time_point kStart{1000s};

TEST(RatePacer, LetsEveryStartPassWithoutARate) {
  RatePacer pacer;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(pacer.reserve(kStart), 0s);
}

TEST(RatePacer, SpacesStartsThatAreAskedForAtOnce) {
  RatePacer pacer(100ms);
  EXPECT_EQ(pacer.reserve(kStart), 0ms);
  EXPECT_EQ(pacer.reserve(kStart), 100ms);
  EXPECT_EQ(pacer.reserve(kStart + 30ms), 170ms);
}

TEST(RatePacer, SavesNothingUpOverAPause) {
  RatePacer pacer(100ms);
  EXPECT_EQ(pacer.reserve(kStart), 0ms);
  EXPECT_EQ(pacer.reserve(kStart + 10s), 0ms);
  EXPECT_EQ(pacer.reserve(kStart + 10s), 100ms);
}

TEST(RatePacer, SaysHowFarAheadTheNextStartIs) {
  RatePacer pacer(100ms);
  EXPECT_EQ(pacer.ahead(kStart), 0ms);
  EXPECT_EQ(pacer.reserve(kStart), 0ms);
  EXPECT_EQ(pacer.ahead(kStart), 100ms);
  EXPECT_EQ(pacer.ahead(kStart + 30ms), 70ms);
  EXPECT_EQ(pacer.ahead(kStart + 200ms), 0ms);
}

TEST(RatePacer, ReachesHighRatesWithTimersOfAMillisecond) {
  RatePacer pacer(100us);
  Clock::time_point now = kStart;
  int started = 0;
  while (now < kStart + 1s) {
    if (pacer.reserve(now) > 0ms) now += 1ms;  // a timer wakes a millisecond later at best
    ++started;
  }
  EXPECT_NEAR(started, 10'000, 600);
}

}  // namespace
}  // namespace rondo::cli
