#include "cli/host_breaker.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

constexpr Clock::time_point kFirstFailure{1h};

TEST(HostBreaker, OpensAfterThatManyFailuresInARow) {
  HostBreaker breaker(3);
  breaker.failed(kFirstFailure);
  breaker.failed(kFirstFailure);
  breaker.succeeded();
  breaker.failed(kFirstFailure);
  breaker.failed(kFirstFailure);
  EXPECT_FALSE(breaker.is_open());
  breaker.failed(kFirstFailure);
  EXPECT_TRUE(breaker.is_open());
  EXPECT_EQ(breaker.rest_end(), kFirstFailure + 1s);
}

TEST(HostBreaker, ClosesWhenAProbeSucceeds) {
  HostBreaker breaker(1);
  breaker.failed(kFirstFailure);
  breaker.succeeded();
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.is_idle());
}

TEST(HostBreaker, DoublesTheRestAfterEachProbe) {
  HostBreaker breaker(1);
  breaker.failed(kFirstFailure);
  breaker.failed(kFirstFailure + 1s);
  EXPECT_EQ(breaker.rest_end(), kFirstFailure + 3s);
  breaker.failed(kFirstFailure + 3s);
  EXPECT_EQ(breaker.rest_end(), kFirstFailure + 7s);
}

TEST(HostBreaker, TakesNoTransferForAProbeThatBeganBefore) {
  HostBreaker breaker(1);
  breaker.failed(kFirstFailure);
  breaker.failed(kFirstFailure + 500ms);
  EXPECT_EQ(breaker.rest_end(), kFirstFailure + 1s);
}

TEST(HostBreaker, GivesTheHostUpAfterItsProbes) {
  HostBreaker breaker(1);
  breaker.failed(kFirstFailure);
  for (unsigned i = 0; i < HostBreaker::kProbes; ++i) {
    EXPECT_FALSE(breaker.is_dead());
    breaker.failed(breaker.rest_end());
  }
  EXPECT_TRUE(breaker.is_dead());
  EXPECT_FALSE(breaker.is_open());
}

TEST(HostBreaker, DoesNothingWithoutAThreshold) {
  HostBreaker breaker(0);
  for (int i = 0; i < 100; ++i) breaker.failed(kFirstFailure);
  EXPECT_FALSE(breaker.is_open());
  EXPECT_TRUE(breaker.is_idle());
}

}  // namespace
}  // namespace rondo::cli
