// The pool on connections that are made of nothing, under a virtual clock.

#include "rondo/http/pool.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/http/fake_connection.hpp"
#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::FakeSource;
using test::Network;
using test::number_of;

class PoolTest : public rondo::test::EachBackend {
 protected:
  template <class T>
  T run(Task<T> main) {
    return EachBackend::run(std::move(main), {.time = &time_});
  }

  testing::VirtualTime time_;
  Network network_;
};
RONDO_ON_EACH_BACKEND(PoolTest);

std::shared_ptr<Pool> make_pool(Network& network, PoolLimits limits) {
  return std::make_shared<Pool>(get_running_loop(), std::make_unique<FakeSource>(network), limits);
}

Task<Lease> acquire(std::shared_ptr<Pool> pool, std::string host, bool fresh = false) {
  Stage stage;
  co_return co_await pool->acquire({false, host, 80}, fresh, std::nullopt, stage);
}

/// Takes a place, notes its name and keeps the place for a second.
Task<> use(std::shared_ptr<Pool> pool, std::string host, std::string name,
           std::vector<std::string>& order) {
  const Lease lease = co_await acquire(pool, std::move(host));
  order.push_back(std::move(name));
  co_await sleep(1s);
}

Task<std::vector<std::string>> order_of(Network& network, PoolLimits limits,
                                        std::vector<std::string> names) {
  std::vector<std::string> order;
  auto pool = make_pool(network, limits);
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    for (const std::string& name : names) {
      group.spawn(use(pool, name.substr(0, 1), name, order));
    }
    co_return;
  });
  EXPECT_EQ(pool->active(), 0U);
  co_return order;
}

TEST_P(PoolTest, OpensNoMoreConnectionsThanItsLimit) {
  run(order_of(network_, {.total = 2}, {"a1", "b1", "c1", "a2", "b2", "c2", "a3"}));
  EXPECT_EQ(network_.most_open, 2);
  EXPECT_EQ(time_.elapsed(), 4s);
}

TEST_P(PoolTest, OpensNoMoreConnectionsToARouteThanItsLimit) {
  run(order_of(network_, {.total = 10, .per_host = 1}, {"a1", "a2", "b1", "b2", "a3"}));
  EXPECT_EQ(network_.most_open, 2);
  EXPECT_EQ(time_.elapsed(), 3s);
}

TEST_P(PoolTest, HasNoLimitWhenItIsZero) {
  run(order_of(network_, {.total = 0}, std::vector<std::string>(200, "a")));
  EXPECT_EQ(network_.most_open, 200);
}

Lease take_idle(Pool& pool, std::string_view host) {
  Stage stage;
  return pool.acquire_idle({false, host, 80}, stage);
}

TEST_P(PoolTest, GivesAnIdleConnectionWithoutWaiting) {
  run([](Network& network) -> Task<> {
    auto pool = make_pool(network, {.total = 2});
    EXPECT_FALSE(take_idle(*pool, "a")) << "nobody knows the route";
    Lease first = co_await acquire(pool, "a");
    EXPECT_FALSE(take_idle(*pool, "a")) << "the only connection is in use";
    first.release();
    EXPECT_FALSE(take_idle(*pool, "b"));
    Lease again = take_idle(*pool, "a");
    EXPECT_TRUE(again && again.is_reused());
    EXPECT_EQ(pool->active(), 1U);
    EXPECT_EQ(pool->idle(), 0U);
    again.release();
    network.dead = {1};
    EXPECT_FALSE(take_idle(*pool, "a")) << "it has died";
    EXPECT_EQ(pool->active(), 0U);
    EXPECT_EQ(network.open, 0);
  }(network_));
}

TEST_P(PoolTest, GivesNoIdleConnectionToWhoWouldOvertakeAWaiter) {
  run([](Network& network) -> Task<> {
    auto pool = make_pool(network, {.total = 2, .per_host = 1});
    Lease used = co_await acquire(pool, "a");
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      std::vector<std::string> order;
      group.spawn(use(pool, "a", "a2", order));
      co_await sleep(1ms);
      used.release();
      EXPECT_FALSE(take_idle(*pool, "a")) << "the place and the connection are the waiter's";
      co_await sleep(2s);
      EXPECT_EQ(order.size(), 1U);
      EXPECT_TRUE(take_idle(*pool, "a"));
    });
  }(network_));
}

TEST_P(PoolTest, ServesTheWaitersOfARouteInOrder) {
  const std::vector<std::string> names{"a1", "a2", "a3", "a4", "a5"};
  EXPECT_EQ(run(order_of(network_, {.total = 1}, names)), names);
}

TEST_P(PoolTest, LetsRoutesTakeTurns) {
  const auto order =
      run(order_of(network_, {.total = 1}, {"a1", "a2", "a3", "a4", "b1", "c1", "b2"}));
  EXPECT_EQ(order, (std::vector<std::string>{"a1", "a2", "b1", "c1", "a3", "b2", "a4"}));
}

TEST_P(PoolTest, DoesNotLetAFullRouteHoldUpTheOthers) {
  const auto order = run(order_of(network_, {.total = 2, .per_host = 1}, {"a1", "a2", "a3", "b1"}));
  EXPECT_EQ(order, (std::vector<std::string>{"a1", "b1", "a2", "a3"}));
}

Task<> cancel_a_waiter(Network& network, bool in_the_turn_of_its_wake) {
  std::vector<std::string> order;
  auto pool = make_pool(network, {.total = 1});
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    Lease lease = co_await acquire(pool, "a");
    auto gone = group.spawn(use(pool, "b", "gone", order));
    group.spawn(use(pool, "c", "next", order));
    co_await sleep(1ms);
    if (in_the_turn_of_its_wake) lease.release();
    gone.cancel();
    co_await gone.wait();
    EXPECT_TRUE(gone.cancelled());
  });
  EXPECT_EQ(order.back(), "next");
  EXPECT_EQ(pool->active(), 0U);
}

TEST_P(PoolTest, GivesTheTurnOfACancelledWaiterToTheNext) {
  run(cancel_a_waiter(network_, false));
  EXPECT_EQ(network_.opened, 2);
}

TEST_P(PoolTest, GetsThePlaceBackFromAWaiterThatIsCancelledAsItIsWoken) {
  run(cancel_a_waiter(network_, true));
}

Task<std::vector<int>> take_and_return(Network& network) {
  auto pool = make_pool(network, {});
  Lease first = co_await acquire(pool, "a");
  Lease second = co_await acquire(pool, "a");
  first.release();
  second.release();
  EXPECT_EQ(pool->idle(), 2U);
  Lease again = co_await acquire(pool, "a");
  EXPECT_TRUE(again.is_reused());
  Lease and_again = co_await acquire(pool, "a");
  Lease elsewhere = co_await acquire(pool, "b");
  EXPECT_FALSE(elsewhere.is_reused());
  co_return std::vector<int>{number_of(again), number_of(and_again), number_of(elsewhere)};
}

TEST_P(PoolTest, TakesTheConnectionThatWasUsedLast) {
  EXPECT_EQ(run(take_and_return(network_)), (std::vector<int>{2, 1, 3}));
}

Task<> take_after_death(Network& network) {
  auto pool = make_pool(network, {});
  co_await acquire(pool, "a");
  network.dead = {1};
  const Lease lease = co_await acquire(pool, "a");
  EXPECT_FALSE(lease.is_reused());
  EXPECT_EQ(number_of(lease), 2);
  EXPECT_EQ(network.ended, std::vector<int>{1});
  EXPECT_EQ(pool->idle(), 0U);
}

TEST_P(PoolTest, NoticesThatAnIdleConnectionHasDied) {
  run(take_after_death(network_));
}

Task<> take_fresh(Network& network) {
  auto pool = make_pool(network, {.total = 1});
  co_await acquire(pool, "a");
  const Lease lease = co_await acquire(pool, "a", true);
  EXPECT_FALSE(lease.is_reused());
  EXPECT_EQ(network.most_open, 1) << "the idle one makes room first";
}

TEST_P(PoolTest, OpensANewConnectionWhereAFreshOneIsWanted) {
  run(take_fresh(network_));
}

Task<> outlast_keep_alive(Network& network) {
  auto pool = make_pool(network, {.keep_alive = 10s});
  co_await acquire(pool, "a");
  co_await sleep(6s);
  co_await acquire(pool, "b");
  co_await sleep(3900ms);
  EXPECT_EQ(pool->idle(), 2U);
  co_await sleep(200ms);
  EXPECT_EQ(network.ended, std::vector<int>{1});
  co_await sleep(5700ms);
  EXPECT_EQ(pool->idle(), 1U);
  co_await sleep(300ms);
  EXPECT_EQ(pool->idle(), 0U);
}

TEST_P(PoolTest, ClosesWhatHasBeenIdleForTooLong) {
  run(outlast_keep_alive(network_));
  EXPECT_EQ(network_.open, 0);
}

Task<> use_keeps_alive(Network& network) {
  auto pool = make_pool(network, {.keep_alive = 10s});
  for (int i = 0; i < 5; ++i) {
    co_await acquire(pool, "a");
    co_await sleep(8s);
  }
  EXPECT_EQ(network.opened, 1);
}

TEST_P(PoolTest, CountsTheIdleTimeFromTheLastUse) {
  run(use_keeps_alive(network_));
}

Task<> fill_with_idle(Network& network) {
  auto pool = make_pool(network, {.total = 2});
  {
    const Lease a = co_await acquire(pool, "a");
    const Lease b = co_await acquire(pool, "b");
  }
  // Released in the opposite order: b has been idle for longer.
  const Lease c = co_await acquire(pool, "c");
  EXPECT_EQ(network.ended, std::vector<int>{2});
  EXPECT_EQ(network.most_open, 2);
  EXPECT_EQ(pool->idle(), 1U);
}

TEST_P(PoolTest, MakesRoomWithTheConnectionThatHasBeenIdleForLongest) {
  run(fill_with_idle(network_));
}

Task<> fail_to_connect(Network& network) {
  auto pool = make_pool(network, {.total = 1, .per_host = 1});
  network.failure = std::make_exception_ptr(Error("refused"));
  EXPECT_THROW(co_await acquire(pool, "a"), Error);
  EXPECT_EQ(pool->active(), 0U);
  network.failure = nullptr;
  co_await acquire(pool, "a");
  EXPECT_EQ(pool->idle(), 1U);
}

TEST_P(PoolTest, GetsThePlaceBackFromAConnectThatFails) {
  run(fail_to_connect(network_));
}

Task<> time_connect_out(Network& network) {
  auto pool = make_pool(network, {.total = 1});
  network.connect_delay = 1h;
  Stage stage;
  EXPECT_THROW(co_await pool->acquire({false, "a", 80}, false, 2s, stage), TimeoutError);
  EXPECT_EQ(pool->active(), 0U);
  EXPECT_EQ(network.opened, 0);
}

TEST_P(PoolTest, GivesAConnectSoMuchTime) {
  run(time_connect_out(network_));
  EXPECT_EQ(time_.elapsed(), 2s);
}

Task<Timings> queue_behind(Network& network) {
  auto pool = make_pool(network, {.total = 1});
  Stage stage;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    std::vector<std::string> order;
    auto first = group.spawn(use(pool, "a", "first", order));
    co_await sleep(400ms);
    network.connect_delay = 1h;
    const Lease lease = co_await pool->acquire({false, "a", 80}, false, 700ms, stage);
    EXPECT_TRUE(lease.is_reused()) << "and queueing is no part of connecting";
  });
  co_return stage.timings;
}

TEST_P(PoolTest, SaysHowLongSomebodyQueued) {
  EXPECT_EQ(run(queue_behind(network_)).queued, 600ms);
}

Task<> close_while_in_use(Network& network) {
  auto pool = make_pool(network, {});
  Lease active = co_await acquire(pool, "a");
  co_await acquire(pool, "b");
  pool->close();
  EXPECT_EQ(network.ended, std::vector<int>{2});
  EXPECT_EQ(pool->idle(), 0U);
  EXPECT_EQ(pool->active(), 1U);
  active.release();
  EXPECT_EQ(network.open, 0);
  pool->close();
}

TEST_P(PoolTest, ClosesIdleConnectionsAtOnceAndOthersWhenTheyComeBack) {
  run(close_while_in_use(network_));
}

Task<Lease> take_away(Network& network) {
  co_return co_await acquire(make_pool(network, {}), "a");
}

TEST_P(PoolTest, MayBeOutlivedByALeaseAndSoMayTheLoop) {
  {
    const Lease lease = run(take_away(network_));
    EXPECT_EQ(network_.open, 1);
  }
  EXPECT_EQ(network_.open, 0);
}

Task<std::shared_ptr<Pool>> leave_idle(Network& network) {
  auto pool = make_pool(network, {});
  co_await acquire(pool, "a");
  co_return pool;
}

TEST_P(PoolTest, LetsGoOfItsConnectionsAtTheEndOfTheLoop) {
  const auto pool = run(leave_idle(network_));
  EXPECT_EQ(network_.open, 0);
  EXPECT_TRUE(pool->is_closed());
}

Task<> destroy_inside_the_run(Network& network) {
  static_cast<void>(co_await leave_idle(network));
}

TEST_P(PoolTest, EndsSecureConnectionsInOrderBeforeTheLoopCloses) {
  network_.is_secure = true;
  network_.shut_down_delay = 1s;
  run(leave_idle(network_));
  EXPECT_EQ(network_.orderly_ends, 1);
  EXPECT_EQ(network_.open, 0);
  EXPECT_EQ(time_.elapsed(), 1s);
  run(destroy_inside_the_run(network_));
  EXPECT_EQ(network_.orderly_ends, 2);
  EXPECT_EQ(network_.open, 0);
}

TEST_P(PoolTest, DoesNotWaitLongForTheOrderlyEnd) {
  network_.is_secure = true;
  network_.shut_down_delay = 1h;
  run(leave_idle(network_));
  EXPECT_EQ(network_.orderly_ends, 0);
  EXPECT_EQ(network_.open, 0);
  EXPECT_EQ(time_.elapsed(), Pool::kShutDownLimit);
}

Task<int> take(std::shared_ptr<Pool> pool, std::shared_ptr<const Detour> detour) {
  Stage stage;
  const Lease lease =
      co_await pool->acquire({false, "a", 80, detour.get()}, false, std::nullopt, stage);
  co_return number_of(lease);
}

std::shared_ptr<const Detour> detour_by(std::string password) {
  Detour detour;
  detour.proxy.emplace();
  detour.proxy->host = "proxy";
  detour.proxy->password = std::move(password);
  return std::make_shared<const Detour>(std::move(detour));
}

Task<> take_detours(Network& network) {
  auto pool = make_pool(network, {});
  EXPECT_EQ(co_await take(pool, nullptr), 1);
  EXPECT_EQ(co_await take(pool, detour_by("a")), 2);
  EXPECT_EQ(co_await take(pool, detour_by("b")), 3);
  EXPECT_EQ(co_await take(pool, detour_by("a")), 2) << "equal, though not the same";
  EXPECT_EQ(co_await take(pool, nullptr), 1);
  EXPECT_EQ(pool->connections({false, "a", 80}), 1U);
}

TEST_P(PoolTest, SharesConnectionsByDetourToo) {
  run(take_detours(network_));
}

TEST_P(PoolTest, KeepsNothingForNoTime) {
  run(order_of(network_, {.keep_alive = 0s}, {"a1", "a2"}));
  EXPECT_EQ(network_.open, 0);
  EXPECT_EQ(network_.opened, 2);
}

TEST_P(PoolTest, ClosesWhatCannotBeUsedAgainWithoutCeremony) {
  network_.is_secure = true;
  network_.is_reusable = false;
  run(leave_idle(network_));
  EXPECT_EQ(network_.orderly_ends, 0);
  EXPECT_EQ(time_.elapsed(), 0s);
}

/// How many hold a place, as the test counts it.
struct Model {
  static constexpr std::size_t kHosts = 4;

  std::size_t total = 0;
  std::size_t by_host[kHosts] = {};
  std::size_t served = 0;
};

Task<> hold(std::shared_ptr<Pool> pool, std::size_t host, Clock::duration time, PoolLimits limits,
            Model& model) {
  const Lease lease = co_await acquire(pool, std::string(1, static_cast<char>('a' + host)));
  ++model.total;
  ++model.by_host[host];
  ++model.served;
  EXPECT_LE(model.total, limits.total);
  EXPECT_LE(model.by_host[host], limits.per_host);
  try {
    co_await sleep(time);
  } catch (const Cancelled&) {
    --model.total;
    --model.by_host[host];
    throw;
  }
  --model.total;
  --model.by_host[host];
}

Task<> walk(Network& network, unsigned seed) {
  std::mt19937 random(seed);
  const auto pick = [&](unsigned count) { return random() % count; };
  const PoolLimits limits{.total = 1 + pick(5), .per_host = 1 + pick(3)};
  auto pool = make_pool(network, limits);
  Model model;
  std::size_t cancelled = 0;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    std::vector<TaskHandle<void>> tasks;
    for (int step = 0; step < 1000; ++step) {
      network.connect_delay = std::chrono::milliseconds(pick(3));
      network.is_reusable = pick(10) != 0;
      if (pick(3) == 0 && !tasks.empty()) {
        tasks[pick(static_cast<unsigned>(tasks.size()))].cancel();
      } else {
        const auto time = std::chrono::milliseconds(pick(5));
        tasks.push_back(group.spawn(hold(pool, pick(Model::kHosts), time, limits, model)));
      }
      if (pick(2) == 0) co_await sleep(std::chrono::milliseconds(pick(3)));
      EXPECT_LE(pool->active(), limits.total);
      EXPECT_LE(static_cast<std::size_t>(network.open), limits.total);
    }
    for (const auto& task : tasks) {
      co_await task.wait();
      cancelled += task.cancelled() ? 1 : 0;
    }
    EXPECT_GE(model.served + cancelled, tasks.size()) << "nobody waits for ever";
  });
  EXPECT_EQ(pool->active(), 0U);
  EXPECT_EQ(model.total, 0U);
  EXPECT_EQ(static_cast<std::size_t>(network.open), pool->idle());
  const ConnectionStatistics statistics = pool->statistics();
  EXPECT_EQ(statistics.waiting, 0U);
  EXPECT_EQ(statistics.opened, static_cast<std::uint64_t>(network.opened));
  EXPECT_EQ(statistics.opened, statistics.closed.total() + statistics.idle);
  EXPECT_GT(statistics.reused, 0U);
}

TEST_P(PoolTest, KeepsItsLimitsThroughAnyOrderOfEvents) {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    network_ = Network();
    run(walk(network_, seed));
    EXPECT_EQ(network_.open, 0);
  }
}

}  // namespace
}  // namespace rondo::http
