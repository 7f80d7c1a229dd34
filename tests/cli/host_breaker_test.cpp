#include "cli/host_breaker.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

constexpr Clock::time_point kStart{1h};

TEST(HostBreaker, OpensAfterThatManyFailuresInARow) {
  HostBreaker breaker(3);
  breaker.failed(kStart);
  breaker.failed(kStart);
  breaker.succeeded();
  breaker.failed(kStart);
  breaker.failed(kStart);
  EXPECT_FALSE(breaker.is_open());
  breaker.failed(kStart);
  EXPECT_TRUE(breaker.is_open());
  EXPECT_EQ(breaker.rest_end(), kStart + 1s);
}

TEST(HostBreaker, ClosesWhenAProbeSucceeds) {
  HostBreaker breaker(1);
  breaker.failed(kStart);
  breaker.succeeded();
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.is_idle());
}

TEST(HostBreaker, DoublesTheRestAfterEachProbe) {
  HostBreaker breaker(1);
  breaker.failed(kStart);
  breaker.failed(kStart + 1s);
  EXPECT_EQ(breaker.rest_end(), kStart + 3s);
  breaker.failed(kStart + 3s);
  EXPECT_EQ(breaker.rest_end(), kStart + 7s);
}

TEST(HostBreaker, TakesNoTransferForAProbeThatBeganBefore) {
  HostBreaker breaker(1);
  breaker.failed(kStart);
  breaker.failed(kStart + 500ms);
  EXPECT_EQ(breaker.rest_end(), kStart + 1s);
}

TEST(HostBreaker, GivesTheHostUpAfterItsProbes) {
  HostBreaker breaker(1);
  breaker.failed(kStart);
  for (unsigned i = 0; i < HostBreaker::kProbes; ++i) {
    EXPECT_FALSE(breaker.is_dead());
    breaker.failed(breaker.rest_end());
  }
  EXPECT_TRUE(breaker.is_dead());
  EXPECT_FALSE(breaker.is_open());
}

TEST(HostBreaker, DoesNothingWithoutAThreshold) {
  HostBreaker breaker(0);
  for (int i = 0; i < 100; ++i) breaker.failed(kStart);
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.is_idle());
}

}  // namespace
}  // namespace rondo::cli
