// Waiting for a place of the pool, with a limit, under a virtual clock.

#include "rondo/http/pool_turn.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>

#include "rondo/http/pool.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/http/fake_connection.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using PoolPtr = std::shared_ptr<Pool>;

/// How somebody's turn ended.
enum class End { none, place, no_place };

Task<> take_turn(PoolPtr pool, Clock::duration limit, End& end) {
  Stage stage;
  const TotalLimit total{get_running_loop().moment_in(limit), limit};
  const PoolPlace place = co_await pool->enter({false, "a", 80}, stage, &total);
  EXPECT_EQ(stage.phase, Phase::queue);
  end = place ? End::place : End::no_place;
}

class PoolTurnTest : public rondo::test::EachBackend {
 protected:
  using Body = std::function<Task<>(PoolPtr, TaskGroup&, std::optional<PoolPlace>&)>;

  /// Runs `body` with a pool of one place, which is taken.
  void run_behind_one(Body body) {
    const auto main = [&]() -> Task<> {
      auto source = std::make_unique<test::FakeSource>(network_);
      auto pool =
          std::make_shared<Pool>(get_running_loop(), std::move(source), PoolLimits{.total = 1});
      Stage stage;
      std::optional<PoolPlace> taken = co_await pool->enter({false, "a", 80}, stage);
      co_await with_task_group(
          [&](TaskGroup& group) -> Task<> { co_await body(pool, group, taken); });
      EXPECT_EQ(pool->statistics().waiting, 0U);
      taken.reset();
      EXPECT_EQ(pool->active(), 0U) << "every place is given back";
    };
    run(main(), {.time = &time_});
  }

  testing::VirtualTime time_;
  test::Network network_;
};
RONDO_ON_EACH_BACKEND(PoolTurnTest);

TEST_P(PoolTurnTest, EndsWithoutAPlaceWhenItsLimitHasPassed) {
  End first = End::none;
  End second = End::none;
  run_behind_one([&](PoolPtr pool, TaskGroup& group, std::optional<PoolPlace>& taken) -> Task<> {
    group.spawn(take_turn(pool, 2s, first));
    group.spawn(take_turn(pool, 10s, second));
    co_await sleep(1s);
    EXPECT_EQ(pool->statistics().waiting, 2U);
    co_await sleep(2s);
    EXPECT_EQ(first, End::no_place);
    EXPECT_EQ(pool->statistics().waiting, 1U);
    EXPECT_EQ(second, End::none);
    taken.reset();
    co_await sleep(1s);
    EXPECT_EQ(second, End::place) << "who goes takes nobody's turn along";
  });
}

TEST_P(PoolTurnTest, GivesThePlaceThatCameBeforeTheLimit) {
  End end = End::none;
  run_behind_one([&](PoolPtr pool, TaskGroup& group, std::optional<PoolPlace>& taken) -> Task<> {
    group.spawn(take_turn(pool, 2s, end));
    co_await sleep(1s);
    taken.reset();
    time_.advance(10s);  // and the waiter has not gone on yet
  });
  EXPECT_EQ(end, End::place);
}

/// One that was woken by the limit and then cancelled has been cancelled.
TEST_P(PoolTurnTest, IsCancelledThoughItsLimitHasPassed) {
  End end = End::none;
  run_behind_one([&](PoolPtr pool, TaskGroup& group,
                     [[maybe_unused]] std::optional<PoolPlace>& taken) -> Task<> {
    auto waiter = group.spawn(take_turn(pool, 2s, end));
    co_await sleep(2s);  // begins first, and so ends first, in the turn of the limit
    waiter.cancel();
    co_await waiter.wait();
    EXPECT_TRUE(waiter.cancelled());
  });
  EXPECT_EQ(end, End::none);
}

TEST_P(PoolTurnTest, DoesNotWaitWhereAPlaceIsFree) {
  End end = End::none;
  run_behind_one([&](PoolPtr pool, [[maybe_unused]] TaskGroup& group,
                     std::optional<PoolPlace>& taken) -> Task<> {
    taken.reset();
    co_await take_turn(pool, 0s, end);
  });
  EXPECT_EQ(end, End::place);
  EXPECT_EQ(time_.elapsed(), 0s);
}

}  // namespace
}  // namespace rondo::http
