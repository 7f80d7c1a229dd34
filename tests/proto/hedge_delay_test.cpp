#include "rondo/proto/hedge_delay.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;

TEST(HedgeDelay, BeginsWithTheInitialDelay) {
  HedgeDelay hedge({.initial = 300ms});
  for (int i = 0; i < 19; ++i) {
    EXPECT_EQ(hedge.delay(), 300ms);
    hedge.record(50ms);
  }
  hedge.record(50ms);
  EXPECT_EQ(hedge.delay(), 50ms);
}

TEST(HedgeDelay, IsTheQuantileOfTheLastAnswers) {
  HedgeDelay hedge({.quantile = 0.9, .least = 0ms});
  for (int i = 1; i <= 100; ++i) hedge.record(std::chrono::milliseconds(i));
  EXPECT_EQ(hedge.delay(), 91ms);
  for (int i = 0; i < 128; ++i) hedge.record(7ms);
  EXPECT_EQ(hedge.delay(), 7ms);
}

TEST(HedgeDelay, StaysWithinItsBounds) {
  HedgeDelay hedge({.quantile = 5, .least = 20ms, .most = 2s, .initial = 1h});
  EXPECT_EQ(hedge.delay(), 2s);
  for (int i = 0; i < 128; ++i) hedge.record(1ms);
  EXPECT_EQ(hedge.delay(), 20ms);
  hedge.record(1h);
  EXPECT_EQ(hedge.delay(), 2s);
}

}  // namespace
}  // namespace rondo::proto
