#include "rondo/runtime/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>

namespace rondo::detail {
namespace {

/// Notes when it expires.
class Probe : public Timer {
 public:
  explicit Probe(std::function<void(Probe&)> on_expire)
      : Timer([](Timer& timer) noexcept {
          auto& probe = static_cast<Probe&>(timer);
          probe.on_expire_(probe);
        }),
        on_expire_(std::move(on_expire)) {}

 private:
  std::function<void(Probe&)> on_expire_;
};

constexpr std::uint64_t kHorizon = std::uint64_t{1} << 35;

TEST(TimerWheel, HasNoNextTickWhileItIsEmpty) {
  TimerWheel wheel;
  EXPECT_FALSE(wheel.next_tick().has_value());
  wheel.advance(1'000'000'000'000);
  EXPECT_FALSE(wheel.next_tick().has_value());
}

TEST(TimerWheel, ExpiresATimerInItsTickAndNotBefore) {
  for (const std::uint64_t start : {0ULL, 1ULL, 2047ULL, 2048ULL, 131'071ULL, 1'000'003ULL}) {
    for (const std::uint64_t delay : {1ULL, 63ULL, 64ULL, 2047ULL, 2048ULL, 2049ULL, 131'071ULL,
                                      131'072ULL, 8'388'608ULL, 536'870'912ULL}) {
      TimerWheel wheel;
      wheel.advance(start);
      int expired = 0;
      Probe probe([&](Probe&) { ++expired; });
      wheel.schedule(probe, start + delay);
      wheel.advance(start + delay - 1);
      ASSERT_EQ(expired, 0) << start << " + " << delay;
      ASSERT_LE(*wheel.next_tick(), start + delay);
      wheel.advance(start + delay);
      ASSERT_EQ(expired, 1) << start << " + " << delay;
      ASSERT_FALSE(wheel.next_tick().has_value());
    }
  }
}

TEST(TimerWheel, ExpiresInTheOrderOfTicksOverOneLongStep) {
  TimerWheel wheel;
  std::vector<std::uint64_t> expired;
  std::vector<std::unique_ptr<Probe>> probes;
  std::mt19937_64 random(11);
  for (int i = 0; i < 2'000; ++i) {
    probes.push_back(
        std::make_unique<Probe>([&](Probe& probe) { expired.push_back(probe.tick()); }));
    wheel.schedule(*probes.back(), 1 + random() % 5'000'000);
  }
  wheel.advance(5'000'000);
  EXPECT_EQ(expired.size(), probes.size());
  EXPECT_TRUE(std::is_sorted(expired.begin(), expired.end()));
}

TEST(TimerWheel, KeepsTheOrderOfThoseScheduledTogether) {
  TimerWheel wheel;
  std::vector<int> expired;
  std::vector<std::unique_ptr<Probe>> probes;
  for (int i = 0; i < 10; ++i) {
    probes.push_back(std::make_unique<Probe>([&, i](Probe&) { expired.push_back(i); }));
    wheel.schedule(*probes.back(), 300'000);  // moves down two levels on its way
  }
  wheel.advance(300'000);
  EXPECT_EQ(expired, (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(TimerWheel, AStoppedTimerIsNotLookedForUntilItsTick) {
  TimerWheel wheel;
  EXPECT_FALSE(wheel.not_before().has_value());
  for (const std::uint64_t tick : {20U, 400'000U}) {
    Probe stopped([](Probe&) { FAIL(); });
    wheel.schedule(stopped, tick);
    stopped.unlink();
    ASSERT_TRUE(wheel.not_before().has_value());
    EXPECT_LE(*wheel.not_before(), tick);
    wheel.advance(*wheel.not_before() - 1);
    EXPECT_TRUE(wheel.not_before().has_value());
    wheel.advance(*wheel.not_before());
    EXPECT_FALSE(wheel.not_before().has_value()) << "one look is enough";
  }
}

TEST(TimerWheel, ATickThatHasPassedExpiresWithTheNextAdvance) {
  TimerWheel wheel;
  wheel.advance(100);
  int expired = 0;
  Probe past([&](Probe&) { ++expired; });
  Probe now([&](Probe&) { ++expired; });
  wheel.schedule(past, 5);
  wheel.schedule(now, 100);
  EXPECT_EQ(*wheel.next_tick(), 100U);
  wheel.advance(100);
  EXPECT_EQ(expired, 2);
}

TEST(TimerWheel, ReschedulingMovesATimer) {
  TimerWheel wheel;
  std::uint64_t now = 0;
  std::vector<std::uint64_t> expired;
  Probe probe([&](Probe&) { expired.push_back(now); });
  wheel.schedule(probe, 10);
  wheel.schedule(probe, 5'000);
  for (now = 1; now <= 6'000; ++now) wheel.advance(now);
  EXPECT_EQ(expired, (std::vector<std::uint64_t>{5'000}));
}

TEST(TimerWheel, ADestroyedTimerIsOffTheWheel) {
  TimerWheel wheel;
  bool expired = false;
  {
    auto probe = std::make_unique<Probe>([&](Probe&) { expired = true; });
    wheel.schedule(*probe, 10);
  }
  EXPECT_FALSE(wheel.next_tick().has_value());
  wheel.advance(20);
  EXPECT_FALSE(expired);
}

TEST(TimerWheel, AnExpiringTimerMayStopAnotherOfTheSameTick) {
  TimerWheel wheel;
  bool second_expired = false;
  Probe second([&](Probe&) { second_expired = true; });
  Probe first([&](Probe&) { second.unlink(); });
  wheel.schedule(first, 10);
  wheel.schedule(second, 10);
  wheel.advance(10);
  EXPECT_FALSE(second_expired);
}

TEST(TimerWheel, AnExpiringTimerMayScheduleItselfWithinTheSameAdvance) {
  TimerWheel wheel;
  std::vector<std::uint64_t> expired;
  Probe probe([&](Probe& self) {
    expired.push_back(self.tick());
    if (self.tick() < 1'000) wheel.schedule(self, self.tick() + 100);
  });
  wheel.schedule(probe, 100);
  wheel.advance(10'000);
  EXPECT_EQ(expired.size(), 10U);
  EXPECT_EQ(expired.back(), 1'000U);
}

TEST(TimerWheel, ATimerThatIsAlwaysDueCannotHoldTheWheel) {
  TimerWheel wheel;
  int expired = 0;
  Probe probe([&](Probe& self) {
    ++expired;
    wheel.schedule(self, 0);
  });
  wheel.schedule(probe, 10);
  wheel.advance(50);
  EXPECT_EQ(expired, 1);
  wheel.advance(50);
  EXPECT_EQ(expired, 2);
  EXPECT_EQ(*wheel.next_tick(), 50U);
}

TEST(TimerWheel, WaitsBeyondItsHorizon) {
  for (const std::uint64_t start : {std::uint64_t{0}, std::uint64_t{123'456'789}}) {
    for (const std::uint64_t delay :
         {kHorizon - 1, kHorizon, kHorizon + 1, 3 * kHorizon + 12'345, 1000 * kHorizon}) {
      TimerWheel wheel;
      wheel.advance(start);
      std::uint64_t expired_at = 0;
      std::uint64_t now = start;
      Probe probe([&](Probe&) { expired_at = now; });
      wheel.schedule(probe, start + delay);
      // As the loop does: no further than the next tick that the wheel names.
      while (wheel.next_tick()) {
        ASSERT_GT(*wheel.next_tick(), now);
        now = *wheel.next_tick();
        wheel.advance(now);
      }
      ASSERT_EQ(expired_at, start + delay);
    }
  }
}

TEST(TimerWheel, TakesTheLargestTickThereIs) {
  TimerWheel wheel;
  wheel.advance(1'000);
  Probe probe([](Probe&) {});
  wheel.schedule(probe, ~std::uint64_t{0});
  EXPECT_TRUE(wheel.next_tick().has_value());
  wheel.advance(5 * kHorizon);
  EXPECT_TRUE(probe.is_linked());
}

/// Random schedules, stops and steps, against a sorted map.
class WheelAgainstModel {
 public:
  explicit WheelAgainstModel(std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i < 64; ++i) {
      probes_.push_back(std::make_unique<Probe>([this, i](Probe&) { on_expire(i); }));
    }
  }

  void step() {
    const std::size_t i = random_() % probes_.size();
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2:
      case 3:
        schedule(i, now_ + random_delay());
        break;
      case 4:
        probes_[i]->unlink();
        forget(i);
        break;
      default:
        advance(now_ + random_delay() / 4);
    }
    check_bound(wheel_.not_before());
    // Nothing may depend on that somebody looks.
    if (random_() % 2 == 0) check_bound(wheel_.next_tick());
  }

 private:
  /// Any number of bits is as likely as any other, so that every level gets its share.
  std::uint64_t random_delay() { return random_() >> (33 + random_() % 31); }

  void check_bound(std::optional<std::uint64_t> bound) const {
    if (model_.empty()) return;
    ASSERT_TRUE(bound.has_value());
    ASSERT_LE(*bound, std::max(model_.begin()->first, now_));
  }

  void schedule(std::size_t i, std::uint64_t tick) {
    forget(i);
    wheel_.schedule(*probes_[i], tick);
    model_.emplace(tick, i);
  }

  void forget(std::size_t i) {
    std::erase_if(model_, [&](const auto& entry) { return entry.second == i; });
  }

  void advance(std::uint64_t tick) {
    target_ = tick;
    wheel_.advance(tick);
    now_ = tick;
    ASSERT_TRUE(model_.empty() || model_.begin()->first > tick) << "one is late";
  }

  void on_expire(std::size_t i) {
    const auto entry = std::find_if(model_.begin(), model_.end(),
                                    [&](const auto& candidate) { return candidate.second == i; });
    ASSERT_NE(entry, model_.end()) << "expired without being scheduled";
    ASSERT_LE(entry->first, target_) << "expired too early";
    ASSERT_EQ(entry->first, model_.begin()->first) << "overtook an earlier one";
    model_.erase(entry);
  }

  TimerWheel wheel_;
  std::mt19937_64 random_;
  std::vector<std::unique_ptr<Probe>> probes_;
  std::multimap<std::uint64_t, std::size_t> model_;
  std::uint64_t now_ = 0;
  std::uint64_t target_ = 0;
};

class TimerWheelModel : public ::testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, TimerWheelModel, ::testing::Range<std::uint64_t>(1, 21));

TEST_P(TimerWheelModel, AgreesWithASortedMap) {
  WheelAgainstModel model(GetParam());
  for (int i = 0; i < 5'000 && !::testing::Test::HasFatalFailure(); ++i) model.step();
}

}  // namespace
}  // namespace rondo::detail
