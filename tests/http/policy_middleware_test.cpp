// The policies that stand around a request: retry, rate limit, circuit breaker, hedge. Under a
// virtual clock, so that times are exact.

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <tuple>
#include <vector>

#include "rondo/http/circuit_breaker_middleware.hpp"
#include "rondo/http/hedge_middleware.hpp"
#include "rondo/http/rate_limit_middleware.hpp"
#include "rondo/http/retry_middleware.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/http/policy_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using test::status;
using namespace std::chrono_literals;

class PolicyTest : public test::PolicySuite {};
RONDO_ON_EACH_BACKEND(PolicyTest);

// Retry.

TEST_P(PolicyTest, RetriesWhatMayBeDifferentNextTime) {
  session(in_turn({status(503), status(500), test::ok("here")}), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware()};
    Response response = co_await test::request(core, "GET", "http://h/", {.trace = &trace_});
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.attempts(), 3U);
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_EQ(requests().size(), 3U);
  ASSERT_EQ(trace_.notes.size(), 2U);
  EXPECT_TRUE(trace_.notes[0].starts_with("retry: status 503: again in ")) << trace_.notes[0];
}

TEST_P(PolicyTest, GivesTheLastAnswerWhenRetriesAreUsedUp) {
  session(status(503), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware({.backoff = {.max_retries = 2}})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 503);
  });
  EXPECT_EQ(requests().size(), 3U);
}

TEST_P(PolicyTest, RetriesFailedConnections) {
  const auto refused = std::make_exception_ptr(
      ClientConnectorError({"http://h/", Phase::connect}, "connection refused"));
  log_.failures = {refused, refused};
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware()};
    EXPECT_EQ(co_await status_of(core, "http://h/", {.trace = &trace_}), 200);
  });
  ASSERT_EQ(trace_.notes.size(), 2U);
  EXPECT_TRUE(trace_.notes[0].starts_with("retry: ClientConnectorError: again in "));
}

TEST_P(PolicyTest, RetriesOnlyIdempotentMethodsUnlessItIsTold) {
  session(status(503), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware()};
    EXPECT_EQ(co_await status_of(core, "http://h/", {.data = "x"}, "POST"), 503);
    EXPECT_EQ(requests().size(), 1U);
    core->middlewares = {retry_middleware({.backoff = {.max_retries = 1}, .any_method = true})};
    EXPECT_EQ(co_await status_of(core, "http://h/", {.data = "x"}, "POST"), 503);
    EXPECT_EQ(requests().size(), 3U);
    EXPECT_TRUE(requests().back().text.ends_with("\r\n\r\nx"));
  });
}

TEST_P(PolicyTest, WaitsAsLongAsRetryAfterSays) {
  session(in_turn({status(429, "Retry-After: 7\r\n"), test::ok("here")}), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware()};
    const auto begun = get_running_loop().now();
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(get_running_loop().now() - begun), 7s);
  });
}

TEST_P(PolicyTest, DoesNotRetryWhatTheTimeOutWouldCutOff) {
  session(status(503, "Retry-After: 30\r\n"), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware()};
    EXPECT_EQ(co_await status_of(core, "http://h/", {.timeout = 20s}), 503);
    core->middlewares = {retry_middleware({.backoff = {.max_retry_after = 29s}})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 503);
  });
  EXPECT_EQ(requests().size(), 2U);
}

TEST_P(PolicyTest, RetriesNoMoreThanItsBudget) {
  session(status(503), [&](Core core) -> Task<> {
    core->middlewares = {
        retry_middleware({.backoff = {.max_retries = 10, .first = 0s},
                          .budget = {{.per_request = 0, .per_second = 0, .capacity = 3}}})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 503);
    EXPECT_EQ(requests().size(), 4U);
    EXPECT_EQ(co_await status_of(core, "http://h/"), 503);
    EXPECT_EQ(requests().size(), 5U);
  });
}

TEST_P(PolicyTest, EndsThePauseOfACancelledRequestAtOnce) {
  session(status(503, "Retry-After: 100\r\n"), [&](Core core) -> Task<> {
    core->middlewares = {retry_middleware()};
    const auto begun = get_running_loop().now();
    co_await test::failure_of<TimeoutError>(timeout(5s, status_of(core, "http://h/")));
    EXPECT_LT(get_running_loop().now() - begun, 6s);
  });
  EXPECT_EQ(requests().size(), 1U);
}

// Rate limit.

TEST_P(PolicyTest, SpacesTheStartsOfRequests) {
  session(test::ok(""), [&](Core core) -> Task<> {
    core->middlewares = {rate_limit_middleware({.per_second = 2})};
    const auto begun = get_running_loop().now();
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 5; ++i) tasks.push_back(status_of(core, "http://h/", {.trace = &trace_}));
    co_await gather(std::move(tasks));
    const auto taken = get_running_loop().now() - begun;
    EXPECT_GE(taken, 2s);
    EXPECT_LT(taken, 2100ms);
  });
  EXPECT_EQ(trace_.notes.size(), 4U);
  EXPECT_EQ(trace_.notes.at(0), "rate limit: starts in 0.500 s");
}

TEST_P(PolicyTest, HasARateForEachHostIfItIsTold) {
  session(test::ok(""), [&](Core core) -> Task<> {
    core->middlewares = {rate_limit_middleware({.per_second = 1, .burst = 2, .per_host = true})};
    const auto begun = get_running_loop().now();
    co_await gather(status_of(core, "http://a/"), status_of(core, "http://b/"),
                    status_of(core, "http://a/"), status_of(core, "http://b/"));
    EXPECT_LT(get_running_loop().now() - begun, 100ms);
    EXPECT_EQ(co_await status_of(core, "http://a/"), 200);
    EXPECT_GE(get_running_loop().now() - begun, 1s);
  });
}

TEST_P(PolicyTest, LosesNoStartToARequestThatIsCancelled) {
  session(test::ok(""), [&](Core core) -> Task<> {
    core->middlewares = {rate_limit_middleware({.per_second = 0.1})};
    const auto begun = get_running_loop().now();
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
    co_await test::failure_of<TimeoutError>(timeout(5s, status_of(core, "http://h/")));
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
    EXPECT_LT(get_running_loop().now() - begun, 11s);
  });
  EXPECT_EQ(requests().size(), 2U);
}

// Circuit breaker.

TEST_P(PolicyTest, LeavesAHostAloneThatFails) {
  bool works = false;
  const test::Behaviour server = [&](const Received& request) {
    return Reaction{.bytes = works || request.has("Host: other\r\n") ? test::ok("") : status(500)};
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {
        circuit_breaker_middleware({.breaker = {.failure_threshold = 3, .open_for = 10s}})};
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(co_await status_of(core, "http://h/", {.trace = &trace_}), 500);
    }
    const auto error = co_await test::failure_of<CircuitOpenError>(status_of(core, "http://h/"));
    EXPECT_EQ(requests().size(), 3U);
    EXPECT_EQ(class_name(error), "CircuitOpenError");
    EXPECT_EQ(error.url(), "http://h/");
    EXPECT_EQ(co_await status_of(core, "http://other/"), 200);
    co_await sleep(10s);
    works = true;
    EXPECT_EQ(co_await status_of(core, "http://h/", {.trace = &trace_}), 200);
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
  });
  EXPECT_EQ(trace_.notes,
            std::vector<std::string>({"circuit breaker: open", "circuit breaker: closed"}));
}

TEST_P(PolicyTest, GivesTheProbeOfACancelledRequestToTheNext) {
  Clock::duration delay = 0s;
  const test::Behaviour server = [&](const Received&) {
    return Reaction{.bytes = delay == 0s ? status(500) : test::ok(""), .delay = delay};
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {
        circuit_breaker_middleware({.breaker = {.failure_threshold = 1, .open_for = 10s}})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 500);
    co_await sleep(10s);
    delay = 30s;
    co_await test::failure_of<TimeoutError>(timeout(5s, status_of(core, "http://h/")));
    delay = 1s;
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
  });
}

// Hedge.

/// The first request is slow, or fails after a while.
test::Behaviour slow_first(Reaction first, Reaction others) {
  return
      [first, others, count = 0](const Received&) mutable { return ++count == 1 ? first : others; };
}

TEST_P(PolicyTest, SendsALateRequestTwiceAndTakesTheFirstAnswer) {
  const auto server =
      slow_first({.bytes = test::ok("slow"), .delay = 60s}, {.bytes = test::ok("fast")});
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {hedge_middleware({.delay = {.initial = 2s}})};
    const auto begun = get_running_loop().now();
    Response response = co_await test::request(core, "GET", "http://h/", {.trace = &trace_});
    EXPECT_EQ(co_await response.read(), "fast");
    EXPECT_LT(get_running_loop().now() - begun, 3s);
    EXPECT_EQ(response.attempts(), 2U);
  });
  EXPECT_EQ(trace_.notes,
            std::vector<std::string>({"hedge: no answer for 2.000 s: sent a second time",
                                      "hedge: the second request was answered first"}));
}

TEST_P(PolicyTest, TakesTheFirstRequestIfItIsAnsweredFirst) {
  const auto server = slow_first({.bytes = test::ok("slow"), .delay = 3s},
                                 {.bytes = test::ok("slower"), .delay = 10s});
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {hedge_middleware({.delay = {.initial = 2s}})};
    Response response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(co_await response.read(), "slow");
  });
  EXPECT_EQ(requests().size(), 2U);
}

TEST_P(PolicyTest, WaitsForTheOtherRequestWhenOneFails) {
  const auto server = slow_first({.bytes = "", .closes = true, .delay = 3s},
                                 {.bytes = test::ok("here"), .delay = 10s});
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {hedge_middleware({.delay = {.initial = 2s}})};
    Response response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(co_await response.read(), "here");
  });
}

TEST_P(PolicyTest, FailsWhenBothRequestsFail) {
  session(slow_first({.bytes = "", .closes = true, .delay = 3s}, {.bytes = "", .closes = true}),
          [&](Core core) -> Task<> {
            core->middlewares = {hedge_middleware({.delay = {.initial = 2s}})};
            co_await test::failure_of<ServerDisconnectedError>(status_of(core, "http://h/"));
          });
}

TEST_P(PolicyTest, SendsNothingTwiceThatMayNotBe) {
  session(slow_first({.bytes = test::ok(""), .delay = 5s}, {.bytes = test::ok("")}),
          [&](Core core) -> Task<> {
            core->middlewares = {hedge_middleware({.delay = {.initial = 1s}})};
            EXPECT_EQ(co_await status_of(core, "http://h/", {.data = "x"}, "POST"), 200);
            EXPECT_EQ(requests().size(), 1U);
          });
}

TEST_P(PolicyTest, SendsNoMoreTwiceThanTheBudgetOfHedges) {
  const test::Behaviour server = [](const Received&) {
    return Reaction{.bytes = test::ok(""), .delay = 5s};
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {hedge_middleware(
        {.delay = {.initial = 1s}, .budget = {.per_request = 0, .per_second = 0, .capacity = 1}})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
    EXPECT_EQ(requests().size(), 2U);
    EXPECT_EQ(co_await status_of(core, "http://h/"), 200);
    EXPECT_EQ(requests().size(), 3U);
  });
}

TEST_P(PolicyTest, TakesBothRequestsDownWithACancelledOne) {
  const test::Behaviour server = [](const Received&) {
    return Reaction{.bytes = test::ok(""), .delay = 50s};
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {hedge_middleware({.delay = {.initial = 1s}})};
    co_await test::failure_of<TimeoutError>(timeout(5s, status_of(core, "http://h/")));
  });
  EXPECT_EQ(requests().size(), 2U);
}

}  // namespace
}  // namespace rondo::http
