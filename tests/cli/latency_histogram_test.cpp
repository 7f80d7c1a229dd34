#include "cli/latency_histogram.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration_cast;
using std::chrono::microseconds;

double micros(Clock::duration time) {
  return static_cast<double>(duration_cast<microseconds>(time).count());
}

TEST(LatencyHistogram, IsZeroWhileEmpty) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0s);
  EXPECT_EQ(histogram.quantile(0.99), 0s);
}

TEST(LatencyHistogram, FindsQuantilesWithinThreePercent) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 10000; ++i) histogram.add(microseconds(i * 10));
  EXPECT_NEAR(micros(histogram.quantile(0.50)), 50'000, 1'600);
  EXPECT_NEAR(micros(histogram.quantile(0.95)), 95'000, 3'000);
  EXPECT_NEAR(micros(histogram.quantile(0.99)), 99'000, 3'100);
}

TEST(LatencyHistogram, IsExactForMicrosecondsAndKeepsItsOrderAtEveryDoubling) {
  for (std::int64_t value = 0; value < 70'000'000; value += value / 7 + 1) {
    LatencyHistogram histogram;
    histogram.add(microseconds(value));
    const double found = micros(histogram.quantile(0.5));
    EXPECT_GE(found, static_cast<double>(value));
    EXPECT_LE(found, static_cast<double>(value) * 1.032);
  }
}

TEST(LatencyHistogram, TakesTimesFarOutsideItsRange) {
  LatencyHistogram histogram;
  histogram.add(-1s);
  histogram.add(1000000h);
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.quantile(0.5), 0s);
  EXPECT_GT(histogram.quantile(1.0), 1h);
}

TEST(LatencyHistogram, LetsOneOfManySetTheLastPercentile) {
  LatencyHistogram histogram;
  for (int i = 0; i < 99; ++i) histogram.add(1ms);
  histogram.add(1s);
  EXPECT_LT(histogram.quantile(0.99), 2ms);
  EXPECT_GE(histogram.quantile(1.0), 1s);
}

}  // namespace
}  // namespace rondo::cli
