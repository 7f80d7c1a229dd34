#include "rondo/runtime/barrier.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

#include "on_each_backend.hpp"

namespace rondo {
namespace {

using namespace std::chrono_literals;

class BarrierTest : public OnEachBackend {};
RONDO_ON_EACH_BACKEND(BarrierTest);

TEST_P(BarrierTest, LetsAllThroughTogetherAndNumbersThemByArrival) {
  Barrier barrier(3);
  auto party = [&](int seconds) -> Task<std::size_t> {
    co_await sleep(std::chrono::seconds(seconds));
    const std::size_t index = co_await barrier.wait();
    EXPECT_EQ(time_.elapsed(), 3s);
    co_return index;
  };
  auto amain = [&]() -> Task<> {
    const auto [a, b, c] = co_await gather(party(2), party(3), party(1));
    EXPECT_EQ(a, 1U);
    EXPECT_EQ(b, 2U);
    EXPECT_EQ(c, 0U);
  };
  run(amain());
  EXPECT_EQ(barrier.parties(), 3U);
  EXPECT_EQ(barrier.n_waiting(), 0U);
}

TEST_P(BarrierTest, CanBePassedAgainBeforeTheOthersHaveGoneOn) {
  Barrier barrier(2);
  std::string order;
  auto party = [&](char name) -> Task<> {
    for (int round = 0; round < 3; ++round) {
      co_await barrier.wait();
      order += name + std::to_string(round) + ' ';
    }
  };
  auto amain = [&]() -> Task<> { co_await gather(party('a'), party('b')); };
  run(amain());
  for (int round = 0; round < 3; ++round) {
    for (const char name : {'a', 'b'}) {
      const std::size_t at = order.find(name + std::to_string(round));
      EXPECT_EQ(at / 6, static_cast<std::size_t>(round)) << order;
    }
  }
}

TEST_P(BarrierTest, OfOnePartyIsNoBarrierAndOfNoneIsRefused) {
  Barrier barrier(1);
  auto amain = [&]() -> Task<> { EXPECT_EQ(co_await barrier.wait(), 0U); };
  run(amain());
  EXPECT_THROW(Barrier(0), std::invalid_argument);
}

// gh-155233: the place of one who was cancelled was counted, and a later one got it twice.
TEST_P(BarrierTest, ACancelledPartyLeavesAndEveryPlaceIsGivenOnce) {
  Barrier barrier(3);
  std::vector<std::size_t> places;
  auto party = [&]() -> Task<> {
    const std::size_t place = co_await barrier.wait();
    places.push_back(place);
  };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(party);
      group.spawn(party);
      co_await sleep(0s);
      EXPECT_EQ(barrier.n_waiting(), 2U);
      first.cancel();
      EXPECT_EQ(barrier.n_waiting(), 1U);
      group.spawn(party);  // arrives while the first is still leaving
      co_await sleep(1s);
      EXPECT_TRUE(places.empty());
      group.spawn(party);
    });
  };
  run(amain());
  std::sort(places.begin(), places.end());
  EXPECT_EQ(places, std::vector<std::size_t>({0, 1, 2}));
}

TEST_P(BarrierTest, OneCancelledAfterTheGroupWasCompleteHasPassed) {
  Barrier barrier(2);
  std::optional<std::size_t> place;
  auto party = [&]() -> Task<> { place = co_await barrier.wait(); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      auto first = group.spawn(party);
      co_await sleep(1s);
      co_await barrier.wait();
      first.cancel();
    });
  };
  run(amain());
  EXPECT_EQ(place, 0U);
}

TEST_P(BarrierTest, InACancelledScopeOnlyTheLastPartyPasses) {
  Barrier barrier(2);
  auto party = [&]() -> Task<> { co_await barrier.wait(); };
  auto amain = [&]() -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      CancelScope scope;
      scope.cancel();
      EXPECT_THROW(co_await barrier.wait(), Cancelled);
      EXPECT_EQ(barrier.n_waiting(), 0U);
      group.spawn(party);
      auto pause = []() -> Task<> { co_await sleep(1s); };
      co_await shield(pause());
      EXPECT_EQ(co_await barrier.wait(), 1U);
    });
  };
  run(amain());
}

TEST_P(BarrierTest, AbortedItIsBrokenUntilItIsReset) {
  Barrier barrier(2, std::source_location::current());
  const auto line = std::to_string(std::source_location::current().line() - 1);
  std::vector<std::string> texts;
  auto party = [&]() -> Task<> {
    try {
      co_await barrier.wait();
    } catch (const BrokenBarrierError& error) {
      texts.emplace_back(error.what());
    }
  };
  auto abort = [&]() -> Task<> {
    co_await sleep(1s);
    barrier.abort();
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0U);
  };
  auto reset = [&]() -> Task<> {
    co_await sleep(1s);
    barrier.reset();
  };
  auto amain = [&]() -> Task<> {
    co_await gather(party(), abort());
    co_await party();
    barrier.reset();
    EXPECT_FALSE(barrier.broken());
    co_await gather(party(), party());
    EXPECT_EQ(texts.size(), 2U);
    co_await gather(party(), reset());
    EXPECT_FALSE(barrier.broken());
    co_await gather(party(), party());
  };
  run(amain());
  const std::string name = "Barrier created at barrier_test.cpp:" + line;
  EXPECT_EQ(texts, std::vector<std::string>({name + " is broken: it was aborted",
                                             name + " is broken: it was aborted",
                                             name + " was reset while a task waited at it"}));
}

TEST_P(BarrierTest, DestroyedWithWaitersItThrowsToThem) {
  std::optional<Barrier> barrier(3);
  int refused = 0;
  auto party = [&]() -> Task<> {
    try {
      co_await barrier->wait();
    } catch (const DestroyedError&) {
      ++refused;
    }
  };
  auto destroy = [&]() -> Task<> {
    co_await sleep(1s);
    barrier.reset();
  };
  auto amain = [&]() -> Task<> { co_await gather(party(), party(), destroy()); };
  run(amain());
  EXPECT_EQ(refused, 2);
}

}  // namespace
}  // namespace rondo
