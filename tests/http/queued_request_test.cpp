// Requests that wait for a connection which others use.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "rondo/runtime/gather.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::Core;
using test::Reaction;
using test::Received;

class QueuedRequestTest : public test::ExchangeSuite {
 protected:
  static constexpr PoolLimits kOne{.total = 1};

  /// Answers each request after two seconds.
  static test::Behaviour slow(bool closes = false) {
    return [closes](const Received&) {
      return Reaction{.bytes = test::ok("x"), .closes = closes, .delay = 2s};
    };
  }

  [[nodiscard]] std::vector<std::string> targets() const {
    std::vector<std::string> targets;
    for (const Received& one : requests()) {
      targets.push_back(one.text.substr(4, one.text.find(' ', 4) - 4));
    }
    return targets;
  }
};
RONDO_ON_EACH_BACKEND(QueuedRequestTest);

Task<Timings> timings_of(Core core, std::string url) {
  auto response = co_await test::request(core, "GET", url);
  EXPECT_EQ(co_await response.read(), "x");
  co_return response.timings();
}

TEST_P(QueuedRequestTest, GetsTheConnectionOfTheOneInFront) {
  session(
      slow(),
      [&](Core core) -> Task<> {
        std::vector<Task<Timings>> all;
        for (const char* url : {"http://h/a", "http://h/b", "http://h/c"}) {
          all.push_back(timings_of(core, url));
        }
        const auto timings = co_await gather(std::move(all));
        EXPECT_EQ(timings.at(0).queued, 0s);
        EXPECT_EQ(timings.at(1).queued, 2s);
        EXPECT_EQ(timings.at(2).queued, 4s);
        EXPECT_EQ(timings.at(2).wait, 2s);
      },
      kOne);
  EXPECT_EQ(targets(), (std::vector<std::string>{"/a", "/b", "/c"}));
  EXPECT_EQ(log_.connections, 1);
}

TEST_P(QueuedRequestTest, OpensAConnectionWhereTheOneInFrontLeavesNone) {
  session(
      slow(true),
      [&](Core core) -> Task<> {
        co_await gather(test::fetch(core, "http://h/a"), test::fetch(core, "http://h/b"));
        EXPECT_EQ(time_.elapsed(), 4s);
      },
      kOne);
  EXPECT_EQ(targets(), (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(log_.connections, 2);
}

/// How a request ends that waits behind another one, which takes two seconds.
Task<ServerTimeoutError> time_out_behind_one(Core core, Clock::duration total) {
  std::optional<ServerTimeoutError> error;
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    group.spawn(test::fetch(core, "http://h/first"));
    co_await sleep(1ms);
    error = co_await test::failure_of<ServerTimeoutError>(
        test::request(core, "GET", "http://h/", {.timeout = ClientTimeout{.total = total}}));
    EXPECT_EQ(core->pool->statistics().waiting, 0U);
  });
  co_return std::move(*error);
}

TEST_P(QueuedRequestTest, WaitsNoLongerThanTheWholeRequestMayTake) {
  session(
      slow(),
      [&](Core core) -> Task<> {
        const auto error = co_await time_out_behind_one(core, 1s);
        EXPECT_EQ(class_name(error), "ServerTimeoutError");
        EXPECT_EQ(error.phase(), Phase::queue);
        EXPECT_STREQ(error.what(), "waiting for a free connection timed out after 1 s (http://h/)");
        EXPECT_EQ(time_.elapsed(), 2s) << "when the first has its answer";
      },
      kOne);
  EXPECT_EQ(targets(), std::vector<std::string>{"/first"}) << "the server is not asked";
}

TEST_P(QueuedRequestTest, HasNoMoreTimeForHavingWaited) {
  session(
      slow(),
      [&](Core core) -> Task<> {
        const auto error = co_await time_out_behind_one(core, 3s);
        EXPECT_EQ(error.phase(), Phase::wait);
        EXPECT_EQ(time_.elapsed(), 3001ms);
      },
      kOne);
}

TEST_P(QueuedRequestTest, IsSentAgainWhenTheConnectionItGotHasDied) {
  const test::Behaviour dies_once = [&](const Received& request) {
    const bool dies = request.has(" /b ") && log_.connections == 1;
    return Reaction{.bytes = dies ? "" : test::ok("x"), .closes = dies, .delay = 2s};
  };
  session(
      dies_once,
      [&](Core core) -> Task<> {
        co_await gather(test::fetch(core, "http://h/a"), test::fetch(core, "http://h/b"));
      },
      kOne);
  EXPECT_EQ(targets(), (std::vector<std::string>{"/a", "/b", "/b"}));
  EXPECT_EQ(log_.connections, 2);
}

/// What it says is told before it waits, not behind thousands of others.
TEST_P(QueuedRequestTest, IsRefusedBeforeItWaits) {
  session(
      slow(),
      [&](Core core) -> Task<> {
        co_await with_task_group([&](TaskGroup& group) -> Task<> {
          group.spawn(test::fetch(core, "http://h/a"));
          co_await sleep(1ms);
          co_await test::failure_of<InvalidRequest>(test::request(core, "GE T", "http://h/"));
          EXPECT_EQ(time_.elapsed(), 1ms);
        });
      },
      kOne);
}

}  // namespace
}  // namespace rondo::http
