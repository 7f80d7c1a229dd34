#include "cli/bandwidth_limit.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

constexpr Clock::time_point kStart{1h};

TEST(BandwidthLimit, LetsPiecesWaitForTheirBytes) {
  BandwidthLimit limit(1000);
  EXPECT_EQ(limit.reserve(100, kStart), 50ms);
  EXPECT_EQ(limit.reserve(1000, kStart), 1050ms);
  EXPECT_EQ(limit.reserve(500, kStart + 1s), 550ms);
}

TEST(BandwidthLimit, SavesUpABurstAndNoMore) {
  BandwidthLimit limit(1000);
  EXPECT_EQ(limit.reserve(1, kStart), 0ms);
  EXPECT_EQ(limit.reserve(1050, kStart + 1h), 1s);
}

TEST(BandwidthLimit, IsNoneWithoutARate) {
  EXPECT_FALSE(BandwidthLimit());
  EXPECT_TRUE(BandwidthLimit(1));
}

}  // namespace
}  // namespace rondo::cli
