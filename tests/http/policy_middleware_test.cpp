// The policies that stand around a request: retry, authentication, rate limit, circuit breaker,
// hedge. Under a virtual clock, so that times are exact.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "rondo/http/circuit_breaker_middleware.hpp"
#include "rondo/http/digest_auth_middleware.hpp"
#include "rondo/http/hedge_middleware.hpp"
#include "rondo/http/rate_limit_middleware.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/retry_middleware.hpp"
#include "rondo/proto/challenge.hpp"
#include "rondo/proto/digest_auth.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using namespace std::chrono_literals;

std::string status(int code, std::string_view fields = {}) {
  return "HTTP/1.1 " + std::to_string(code) + " X\r\n" + std::string(fields) +
         "Content-Length: 0\r\n\r\n";
}

class PolicyTest : public test::ExchangeSuite {
 protected:
  class Trace final : public RequestTrace {
   public:
    void on_policy(std::string_view policy, std::string_view event) override {
      notes.push_back(std::string(policy) + ": " + std::string(event));
    }
    std::vector<std::string> notes;
  };

  /// Answers with `answers` in turn, and with the last one from then on.
  static test::Behaviour in_turn(std::vector<std::string> answers) {
    return [answers, i = std::size_t{0}](const Received&) mutable {
      const std::string& answer = answers[std::min(i, answers.size() - 1)];
      ++i;
      return Reaction{.bytes = answer};
    };
  }

  static Task<int> status_of(Core core, std::string_view url, RequestOptions options = {},
                             std::string_view method = "GET") {
    Response response = co_await test::request(core, method, url, options);
    co_return response.status();
  }

  Trace trace_;
};
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

// Authentication.

TEST_P(PolicyTest, RefusesCredentialsWithoutAnOrigin) {
  EXPECT_THROW(static_cast<void>(digest_auth_middleware({"no url", "u", "p"})), InvalidURL);
  EXPECT_THROW(static_cast<void>(digest_auth_middleware({"data:x", "u", "p"})), InvalidURL);
}

/// The Digest credentials of a request; nothing: it has none.
std::optional<proto::Challenge> digest_of(const Received& request) {
  const auto at = request.text.find("Authorization: ");
  if (at == std::string::npos) return std::nullopt;
  const std::string value = request.text.substr(at + 15, request.text.find("\r\n", at) - at - 15);
  return proto::parse_challenges(value).at(0);
}

/// What shows that `u` with the `password` in realm `r` has made `given`, or, without a method,
/// that a server knows the password too; by SHA-256.
std::string proof_of(const proto::Challenge& given, const std::string& password,
                     const std::string& method) {
  const auto get = [&](std::string_view name) {
    return std::string(given.parameter(name).value_or(""));
  };
  const auto h = [](const std::string& text) {
    return proto::digest_hash(proto::DigestHash::sha256, text);
  };
  return h(h("u:r:" + password) + ":" + get("nonce") + ":" + get("nc") + ":" + get("cnonce") +
           ":auth:" + h(method + ":" + get("uri")));
}

/// A server that checks Digest answers with code of its own; `nonce` is what it wants now.
test::Behaviour digest_server(std::string& nonce, std::string password, bool& says_stale) {
  return [&nonce, &says_stale, password](const Received& request) {
    const std::string refusal = status(
        401, "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=\"" +
                 nonce + "\"" + (says_stale ? ", stale=true" : "") + "\r\n");
    const auto given = digest_of(request);
    if (!given) return Reaction{.bytes = refusal};
    const bool is_right = given->parameter("nonce") == nonce &&
                          given->parameter("response") == proof_of(*given, password, "GET");
    return Reaction{.bytes = is_right ? test::ok("here") : refusal};
  };
}

TEST_P(PolicyTest, AnswersDigestChallenges) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "p", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/a?b", {.trace = &trace_}), 200);
    EXPECT_EQ(requests().size(), 2U);
    EXPECT_EQ(co_await status_of(core, "http://h/c"), 200);
    EXPECT_EQ(requests().size(), 3U) << "the second request has its credentials at once";
    EXPECT_TRUE(requests().back().has("nc=00000002"));
    nonce = "two";
    says_stale = true;
    EXPECT_EQ(co_await status_of(core, "http://h/d", {.trace = &trace_}), 200);
    EXPECT_EQ(requests().size(), 5U);
  });
  EXPECT_EQ(trace_.notes,
            std::vector<std::string>({"digest: challenged: again with credentials",
                                      "digest: the nonce is stale: again with a new one"}));
}

TEST_P(PolicyTest, GivesTheRefusalOfWrongDigestCredentials) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "other", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/"), 401);
    EXPECT_EQ(requests().size(), 2U);
    says_stale = true;  // a server that always says so ends it no later
    EXPECT_EQ(co_await status_of(core, "http://h/"), 401);
    EXPECT_EQ(requests().size(), 5U);
  });
}

TEST_P(PolicyTest, SendsNoDigestToAnotherOriginNorInPlaceOfTheUsers) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "p", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://other/"), 401);
    EXPECT_EQ(co_await status_of(core, "http://u:p@h/"), 401);
    EXPECT_EQ(co_await status_of(core, "http://h/", {.headers = {{"Authorization", "Own x"}}}),
              401);
  });
  EXPECT_EQ(requests().size(), 3U);
}

/// Answers as a server does that has the password, or that gets it wrong; names the next nonce.
test::Behaviour proving_server(std::string password) {
  return [password](const Received& request) {
    const auto given = digest_of(request);
    if (!given) {
      return Reaction{.bytes = status(401,
                                      "WWW-Authenticate: Digest realm=r, nonce=one, qop=auth, "
                                      "algorithm=SHA-256\r\n")};
    }
    const std::string count(given->parameter("nc").value_or(""));
    return Reaction{
        .bytes = status(200, "Authentication-Info: qop=auth, nextnonce=\"two\", nc=" + count +
                                 ", rspauth=\"" + proof_of(*given, password, "") + "\"\r\n")};
  };
}

TEST_P(PolicyTest, TakesTheNextNonceFromAServerThatKnowsThePassword) {
  session(proving_server("p"), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    EXPECT_EQ(co_await status_of(core, "http://h/a"), 200);
    EXPECT_TRUE(requests().back().has("nonce=\"one\""));
    EXPECT_EQ(co_await status_of(core, "http://h/a"), 200);
    EXPECT_TRUE(requests().back().has("nonce=\"two\""));
    EXPECT_TRUE(requests().back().has("nc=00000001"));
  });
}

TEST_P(PolicyTest, RefusesAServerThatDoesNotKnowThePassword) {
  session(proving_server("other"), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    const auto error =
        co_await test::failure_of<ServerAuthenticationError>(status_of(core, "http://h/a"));
    EXPECT_EQ(class_name(error), "ServerAuthenticationError");
    EXPECT_EQ(error.status(), 200);
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p", false})};
    EXPECT_EQ(co_await status_of(core, "http://h/a"), 200);
  });
}

TEST_P(PolicyTest, AnswersChallengesOfRequestsSideBySide) {
  std::string nonce = "one";
  bool says_stale = false;
  session(digest_server(nonce, "p", says_stale), [&](Core core) -> Task<> {
    core->middlewares = {digest_auth_middleware({"http://h/", "u", "p"})};
    auto statuses = co_await gather(status_of(core, "http://h/1"), status_of(core, "http://h/2"),
                                    status_of(core, "http://h/3"));
    EXPECT_EQ(statuses, std::tuple(200, 200, 200));
  });
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
