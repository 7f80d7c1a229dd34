#include "cli/adaptive_limit.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

void end_well(AdaptiveLimit& limit, int times) {
  for (int i = 0; i < times; ++i) limit.ended(false, 10ms);
}

TEST(AdaptiveLimit, GrowsUpToTheMost) {
  AdaptiveLimit limit(8);
  EXPECT_EQ(limit.value(), 2U);
  end_well(limit, 3);
  EXPECT_EQ(limit.value(), 5U);
  end_well(limit, 30);
  EXPECT_EQ(limit.value(), 8U);
}

TEST(AdaptiveLimit, HalvesOnceForTheTroublesOfARound) {
  AdaptiveLimit limit(16);
  end_well(limit, 30);
  for (int i = 0; i < 16; ++i) limit.ended(true, 10ms);
  EXPECT_EQ(limit.value(), 8U);
  limit.ended(true, 10ms);
  EXPECT_EQ(limit.value(), 4U);
}

TEST(AdaptiveLimit, GrowsByOneARoundAfterTrouble) {
  AdaptiveLimit limit(16);
  end_well(limit, 30);
  limit.ended(true, 10ms);
  end_well(limit, 9);
  EXPECT_EQ(limit.value(), 9U);
}

TEST(AdaptiveLimit, TakesSlownessForTrouble) {
  AdaptiveLimit limit(16);
  end_well(limit, 30);
  limit.ended(false, 25ms);
  EXPECT_EQ(limit.value(), 16U);
  limit.ended(false, 100ms);
  EXPECT_EQ(limit.value(), 8U);
}

TEST(AdaptiveLimit, NeverStopsAltogether) {
  AdaptiveLimit limit(1);
  for (int i = 0; i < 10; ++i) limit.ended(true, 1s);
  EXPECT_EQ(limit.value(), 1U);
}

}  // namespace
}  // namespace rondo::cli
