// Policies in front of servers that others wrote, which say what they have seen: aiohttp's,
// httpbin. Their times are real; what needs exact ones is in policy_middleware_test.cpp.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "rondo/http/circuit_breaker_middleware.hpp"
#include "rondo/http/client_session.hpp"
#include "rondo/http/digest_auth_middleware.hpp"
#include "rondo/http/hedge_middleware.hpp"
#include "rondo/http/rate_limit_middleware.hpp"
#include "rondo/http/retry_middleware.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"

#include "tests/support/each_backend.hpp"
#include "tests/support/python_server.hpp"

namespace rondo::http {
namespace {

using test::PythonServer;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using namespace std::chrono_literals;

class PolicyServersTest : public test::EachBackend {
 protected:
  /// Of no other test.
  static std::string new_key() {
    static int count = 0;
    return "key" + std::to_string(++count);
  }

  static std::string busy(const std::string& key, std::string_view query) {
    return PythonServer::aiohttp().url("/busy?key=" + key + "&" + std::string(query));
  }

  static SessionOptions with(Middleware middleware) {
    SessionOptions options;
    options.middlewares = {std::move(middleware)};
    options.timeout.total = 20s;
    return options;
  }

  /// When requests with `key` have come, in milliseconds since the first.
  static Task<std::vector<int>> arrivals(std::string key) {
    const ClientSession session;
    auto response = co_await session.get(PythonServer::aiohttp().url("/arrived?key=" + key));
    std::istringstream text(co_await response.text());
    std::vector<int> times;
    for (int time = 0; text >> time;) times.push_back(time);
    co_return times;
  }

  static Task<int> status_of(const ClientSession& session, std::string url) {
    const auto response = co_await session.get(url);
    co_return response.status();
  }
};
RONDO_ON_EACH_BACKEND(PolicyServersTest);

/// No pause of its own would be as short as what the server asks for.
RetryOptions obedient() {
  return {.backoff = {.first = std::chrono::hours(1), .longest = std::chrono::hours(1)}};
}

TEST_P(PolicyServersTest, ComeBackWhenTheServerSaysSo) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url, std::string key_of_it) -> Task<> {
    const ClientSession session(options);
    auto response = co_await session.get(url);
    EXPECT_EQ(co_await response.text(), "here");
    EXPECT_EQ(response.attempts(), 3U);
    EXPECT_EQ(session.statistics().opened, 1U) << "refusals leave the connection usable";
    EXPECT_THAT(co_await arrivals(key_of_it), SizeIs(3));
  }(with(retry_middleware(obedient())), busy(key, "times=2&after=0"), key));
}

TEST_P(PolicyServersTest, WaitAsManySecondsAsTheServerSays) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url, std::string key_of_it) -> Task<> {
    const ClientSession session(options);
    EXPECT_EQ(co_await status_of(session, url), 200);
    const auto times = co_await arrivals(key_of_it);
    EXPECT_THAT(times, SizeIs(2));
    EXPECT_GE(times.back(), 990);
  }(with(retry_middleware(obedient())), busy(key, "times=1&after=1"), key));
}

TEST_P(PolicyServersTest, UnderstandTheDateOfRetryAfter) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url) -> Task<> {
    const ClientSession session(options);
    EXPECT_EQ(co_await status_of(session, url), 200);
    EXPECT_EQ(co_await status_of(session, url + "&times=9&after=3600"), 200) << "no more refusals";
  }(with(retry_middleware(obedient())), busy(key, "date=1&times=1&after=0")));
}

TEST_P(PolicyServersTest, StartRequestsAtTheirRate) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url, std::string key_of_it) -> Task<> {
    const ClientSession session(options);
    std::vector<Task<int>> requests;
    for (int i = 0; i < 6; ++i) requests.push_back(status_of(session, url));
    co_await gather(std::move(requests));
    const auto times = co_await arrivals(key_of_it);
    EXPECT_THAT(times, SizeIs(6));
    // Each is 20 ms behind the one before when it starts; on the way they may come closer.
    EXPECT_GE(times.back(), 80);
  }(with(rate_limit_middleware({.per_second = 50})), busy(key, "times=0"), key));
}

TEST_P(PolicyServersTest, LeaveAServerAloneThatFails) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url, std::string key_of_it) -> Task<> {
    const ClientSession session(options);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(co_await status_of(session, url), 503);
    int refused = 0;
    for (int i = 0; i < 3; ++i) {
      try {
        co_await status_of(session, url);
      } catch (const CircuitOpenError&) {
        ++refused;
      }
    }
    EXPECT_EQ(refused, 3);
    EXPECT_THAT(co_await arrivals(key_of_it), SizeIs(3)) << "it was spared";
  }(with(circuit_breaker_middleware({.breaker = {.failure_threshold = 3, .open_for = 1h}})),
                                                                         busy(key, "times=9"),
                                                                         key));
}

TEST_P(PolicyServersTest, TryAServerAgainThatHadFailed) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url) -> Task<> {
    const ClientSession session(options);
    EXPECT_EQ(co_await status_of(session, url), 503);
    EXPECT_EQ(co_await status_of(session, url), 503) << "the probe";
    EXPECT_EQ(co_await status_of(session, url), 200) << "the next one";
  }(with(circuit_breaker_middleware({.breaker = {.failure_threshold = 1, .open_for = 0s}})),
                                                  busy(key, "times=2")));
}

TEST_P(PolicyServersTest, AskASecondTimeBesideARequestThatHangs) {
  const std::string key = new_key();
  run([](SessionOptions options, std::string url,
         std::string key_of_it) -> Task<> {
    const ClientSession session(options);
    auto response = co_await session.get(url);
    EXPECT_EQ(co_await response.text(), "2");
    EXPECT_EQ(session.active_connections(), 0U) << "the one that hung is closed";
    EXPECT_THAT(co_await arrivals(key_of_it), SizeIs(2));
  }(with(hedge_middleware({.delay = {.initial = 30ms}})),
                                PythonServer::aiohttp().url("/first-hangs?key=" + key), key));
}

Task<> authenticate(std::string path, int status) {
  const std::string url = PythonServer::httpbin().url(path);
  const ClientSession session({.middlewares = {digest_auth_middleware({url, "fred", "pass"})}});
  auto response = co_await session.get(url);
  EXPECT_EQ(response.status(), status) << path;
  auto again = co_await session.get(url);
  EXPECT_EQ(again.status(), status) << path;
  if (status == 200) {
    EXPECT_EQ(again.attempts(), 1U) << "one challenge is enough";
  }
}

TEST_P(PolicyServersTest, AnswerTheDigestChallengesOfHttpbin) {
  for (const char* algorithm : {"MD5", "SHA-256"}) {
    for (const std::string qop : {"auth", "auth-int"}) {
      run(authenticate("/digest-auth/" + qop + "/fred/pass/" + algorithm, 200));
    }
  }
  run(authenticate("/digest-auth/auth/fred/other/MD5", 401));
  run(authenticate("/digest-auth/auth/fred/pass/SHA-512", 401));  // of no RFC
}

Task<> use_up_nonces(std::string url) {
  const ClientSession session({.middlewares = {digest_auth_middleware({url, "fred", "pass"})}});
  for (int i = 0; i < 5; ++i) {
    const auto response = co_await session.get(url);
    EXPECT_EQ(response.status(), 200) << i;
  }
}

TEST_P(PolicyServersTest, TakeAnotherNonceWhenHttpbinCallsTheirsStale) {
  run(use_up_nonces(PythonServer::httpbin().url("/digest-auth/auth/fred/pass/MD5/2")));
}

}  // namespace
}  // namespace rondo::http
