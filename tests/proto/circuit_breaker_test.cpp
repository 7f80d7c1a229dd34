#include "rondo/proto/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;

const CircuitBreaker::Clock::time_point kNow{1000s};

void fail(CircuitBreaker& breaker, int times, CircuitBreaker::Clock::time_point now = kNow) {
  for (int i = 0; i < times; ++i) {
    const auto admission = breaker.admit(now);
    ASSERT_TRUE(admission.is_admitted);
    breaker.failed(admission, now);
  }
}

TEST(CircuitBreaker, OpensAfterFailuresInARow) {
  CircuitBreaker breaker({.failure_threshold = 3, .open_for = 10s});
  fail(breaker, 2);
  breaker.succeeded(breaker.admit(kNow));
  fail(breaker, 2);
  EXPECT_EQ(breaker.state(), State::closed);
  fail(breaker, 1);
  EXPECT_EQ(breaker.state(), State::open);
  const auto refused = breaker.admit(kNow + 4s);
  EXPECT_FALSE(refused.is_admitted);
  EXPECT_EQ(refused.retry_in, 6s);
}

TEST(CircuitBreaker, ProbesAndCloses) {
  CircuitBreaker breaker({.failure_threshold = 1, .open_for = 10s, .probes = 2});
  fail(breaker, 1);
  const auto first = breaker.admit(kNow + 10s);
  const auto second = breaker.admit(kNow + 10s);
  EXPECT_TRUE(first.is_admitted);
  EXPECT_TRUE(second.is_admitted);
  EXPECT_FALSE(breaker.admit(kNow + 10s).is_admitted);
  EXPECT_EQ(breaker.state(), State::half_open);
  breaker.succeeded(first);
  EXPECT_FALSE(breaker.admit(kNow + 10s).is_admitted);
  breaker.succeeded(second);
  EXPECT_EQ(breaker.state(), State::closed);
  EXPECT_TRUE(breaker.admit(kNow + 10s).is_admitted);
}

TEST(CircuitBreaker, OpensAgainWhenAProbeFails) {
  CircuitBreaker breaker({.failure_threshold = 5, .open_for = 10s});
  fail(breaker, 5);
  fail(breaker, 1, kNow + 11s);
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_EQ(breaker.admit(kNow + 12s).retry_in, 9s);
}

TEST(CircuitBreaker, GivesTheProbeOfACancelledRequestToAnother) {
  CircuitBreaker breaker({.failure_threshold = 1, .open_for = 10s});
  fail(breaker, 1);
  const auto probe = breaker.admit(kNow + 10s);
  EXPECT_FALSE(breaker.admit(kNow + 10s).is_admitted);
  breaker.abandoned(probe);
  EXPECT_TRUE(breaker.admit(kNow + 10s).is_admitted);
}

TEST(CircuitBreaker, HearsNothingFromRequestsOfAnEarlierState) {
  CircuitBreaker breaker({.failure_threshold = 1, .open_for = 10s});
  const auto slow = breaker.admit(kNow);
  const auto lost = breaker.admit(kNow);
  fail(breaker, 1);
  breaker.succeeded(slow);
  EXPECT_EQ(breaker.state(), State::open);
  const auto probe = breaker.admit(kNow + 10s);
  breaker.failed(slow, kNow + 10s);
  breaker.abandoned(lost);
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_FALSE(breaker.admit(kNow + 10s).is_admitted);
  breaker.succeeded(probe);
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST(CircuitBreaker, NeverOpensWithoutAThreshold) {
  CircuitBreaker breaker({.failure_threshold = 0});
  fail(breaker, 100);
  EXPECT_EQ(breaker.state(), State::closed);
}

}  // namespace
}  // namespace rondo::proto
