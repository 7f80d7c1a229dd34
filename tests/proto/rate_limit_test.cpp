#include "rondo/proto/rate_limit.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;

const RateLimit::Clock::time_point kStart{1000s};

TEST(RateLimit, LetsEveryStartPassWithoutARate) {
  RateLimit limit;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.reserve(kStart), 0s);
  EXPECT_EQ(limit.ahead(kStart), 0s);
}

TEST(RateLimit, SpacesStartsThatAreAskedForAtOnce) {
  RateLimit limit(100ms);
  EXPECT_EQ(limit.reserve(kStart), 0ms);
  EXPECT_EQ(limit.reserve(kStart), 100ms);
  EXPECT_EQ(limit.reserve(kStart + 30ms), 170ms);
}

TEST(RateLimit, SavesNothingUpOverAPause) {
  RateLimit limit(100ms);
  EXPECT_EQ(limit.reserve(kStart), 0ms);
  EXPECT_EQ(limit.reserve(kStart + 10s), 0ms);
  EXPECT_EQ(limit.reserve(kStart + 10s), 100ms);
}

TEST(RateLimit, LetsABurstPassAndNoMore) {
  RateLimit limit(100ms, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.reserve(kStart), 0ms) << i;
  EXPECT_EQ(limit.reserve(kStart), 100ms);
  EXPECT_EQ(limit.reserve(kStart + 250ms), 0ms);
  EXPECT_EQ(limit.reserve(kStart + 250ms), 50ms);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.reserve(kStart + 10s), 0ms) << i;
  EXPECT_EQ(limit.reserve(kStart + 10s), 100ms);
}

TEST(RateLimit, SaysHowFarAheadTheNextStartIs) {
  RateLimit limit(100ms);
  EXPECT_EQ(limit.ahead(kStart), 0ms);
  EXPECT_EQ(limit.reserve(kStart), 0ms);
  EXPECT_EQ(limit.ahead(kStart), 100ms);
  EXPECT_EQ(limit.ahead(kStart + 30ms), 70ms);
  EXPECT_EQ(limit.ahead(kStart + 200ms), 0ms);
}

TEST(RateLimit, IsIdleWhenNothingIsLeftOfItsStarts) {
  RateLimit limit(100ms, 3);
  EXPECT_TRUE(limit.is_idle(kStart));
  static_cast<void>(limit.reserve(kStart));
  EXPECT_FALSE(limit.is_idle(kStart + 99ms));
  EXPECT_TRUE(limit.is_idle(kStart + 100ms));
}

TEST(RateLimit, ReachesHighRatesWithTimersOfAMillisecond) {
  RateLimit limit(100us);
  auto now = kStart;
  int started = 0;
  while (now < kStart + 1s) {
    if (limit.reserve(now) > 0ms) now += 1ms;  // a timer wakes a millisecond later at best
    ++started;
  }
  EXPECT_NEAR(started, 10'000, 600);
}

}  // namespace
}  // namespace rondo::proto
