// The limits of `ClientTimeout`, each alone.

#include <gtest/gtest.h>

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::Core;
using test::Reaction;
using test::Received;

class ExchangeTimeoutTest : public test::ExchangeSuite {
 protected:
  static test::Behaviour answers_after(Clock::duration delay) {
    return [delay](const Received&) { return Reaction{.bytes = test::ok("x"), .delay = delay}; };
  }

  /// Half of the body at once, the other half after `delay`.
  static test::Behaviour pauses(Clock::duration delay) {
    return [delay](const Received&) {
      return Reaction{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
                      .late = "b",
                      .late_delay = delay};
    };
  }
};
RONDO_ON_EACH_BACKEND(ExchangeTimeoutTest);

Task<Response> get(Core core, ClientTimeout limits) {
  return test::request(core, "GET", "http://h/", {.timeout = limits});
}

TEST_P(ExchangeTimeoutTest, TotalEndsTheWaitForTheAnswer) {
  session(answers_after(1h), [&](Core core) -> Task<> {
    const auto error =
        co_await test::failure_of<ServerTimeoutError>(get(core, ClientTimeout{.total = 2s}));
    EXPECT_EQ(error.phase(), Phase::wait);
    EXPECT_EQ(class_name(error), "ServerTimeoutError");
    EXPECT_EQ(time_.elapsed(), 2s);
  });
}

/// There nothing but the answer is waited for, and no scope stands around that.
TEST_P(ExchangeTimeoutTest, TotalEndsTheWaitForTheAnswerOnAKeptConnection) {
  const test::Behaviour second_is_late = [&](const Received&) {
    const Clock::duration delay = log_.requests.size() > 1 ? 1h : 0h;
    return Reaction{.bytes = "HTTP/1.1 204 None\r\n\r\n", .delay = delay};
  };
  session(second_is_late, [&](Core core) -> Task<> {
    co_await get(core, {});
    const auto error =
        co_await test::failure_of<ServerTimeoutError>(get(core, ClientTimeout{.total = 2s}));
    EXPECT_EQ(error.phase(), Phase::wait);
    EXPECT_STREQ(error.what(), "waiting for the answer timed out after 2 s (http://h/)");
    EXPECT_EQ(time_.elapsed(), 2s);
    EXPECT_EQ(log_.connections, 1);
  });
}

/// And not from the beginning of the step that makes it, which may have taken its time.
TEST_P(ExchangeTimeoutTest, TotalCountsFromTheCall) {
  session(pauses(1s), [&](Core core) -> Task<> {
    for (int i = 0; i < 2; ++i) {  // over a new connection, and over a kept one
      time_.advance(10s);
      auto response = co_await get(core, ClientTimeout{.total = 2s});
      EXPECT_EQ(co_await response.read(), "ab") << i;
    }
    time_.advance(10s);
    auto late = co_await get(core, ClientTimeout{.total = 500ms});
    co_await test::failure_of<ServerTimeoutError>(late.read());
    EXPECT_EQ(time_.elapsed(), 32500ms);
    EXPECT_EQ(log_.connections, 1);
  });
}

TEST_P(ExchangeTimeoutTest, TotalCountsAllHopsTogether) {
  const test::Behaviour loop = [](const Received&) {
    return Reaction{.bytes = test::redirect(302, "/"), .delay = 1s};
  };
  session(loop, [&](Core core) -> Task<> {
    co_await test::failure_of<ServerTimeoutError>(get(core, ClientTimeout{.total = 2500ms}));
    EXPECT_EQ(time_.elapsed(), 2500ms);
  });
}

TEST_P(ExchangeTimeoutTest, TotalLimitsTheReadingOfTheBody) {
  session(pauses(1h), [&](Core core) -> Task<> {
    auto response = co_await get(core, ClientTimeout{.total = 2s});
    const auto error = co_await test::failure_of<ServerTimeoutError>(response.read());
    EXPECT_EQ(error.phase(), Phase::receive);
    EXPECT_EQ(time_.elapsed(), 2s);
    EXPECT_EQ(core->pool->active(), 0U) << "at once";
  });
}

TEST_P(ExchangeTimeoutTest, TotalDoesNotEndWhatIsReadToKeepTheConnection) {
  session(pauses(500ms), [&](Core core) -> Task<> {
    for (int i = 0; i < 2; ++i) {
      co_await get(core, ClientTimeout{.total = 200ms});
      co_await sleep(600ms);
    }
    EXPECT_EQ(log_.connections, 1);
  });
}

TEST_P(ExchangeTimeoutTest, ConnectCountsQueueing) {
  session(answers_after(1h),
          [&](Core core) -> Task<> {
            co_await with_task_group([&](TaskGroup& group) -> Task<> {
              auto first = group.spawn(test::fetch(core, "http://h/"));
              co_await sleep(1ms);
              const auto error = co_await test::failure_of<ConnectionTimeoutError>(
                  get(core, ClientTimeout{.connect = 2s}));
              EXPECT_EQ(class_name(error), "ConnectionTimeoutError");
              EXPECT_EQ(error.phase(), Phase::queue);
              EXPECT_STREQ(error.what(),
                           "waiting for a free connection timed out after 2 s (http://h/)");
              EXPECT_EQ(time_.elapsed(), 2001ms);
              first.cancel();
            });
          },
          {.total = 1});
}

TEST_P(ExchangeTimeoutTest, ConnectDoesNotCountTheAnswer) {
  session(answers_after(10s), [&](Core core) -> Task<> {
    auto response = co_await get(core, ClientTimeout{.connect = 2s, .sock_connect = 2s});
    EXPECT_EQ(co_await response.read(), "x");
  });
}

TEST_P(ExchangeTimeoutTest, SockConnectCountsTheConnectionOnly) {
  log_.connect_delay = 3s;
  session(answers_after(1s),
          [&](Core core) -> Task<> {
            const auto error = co_await test::failure_of<ConnectionTimeoutError>(
                get(core, ClientTimeout{.sock_connect = 2s}));
            EXPECT_EQ(error.phase(), Phase::connect);
            EXPECT_EQ(time_.elapsed(), 2s);
            co_await with_task_group([&](TaskGroup& group) -> Task<> {
              group.spawn(test::fetch(core, "http://h/"));
              co_await sleep(1ms);
              auto queued = co_await get(core, ClientTimeout{.sock_connect = 2s});
              EXPECT_EQ(co_await queued.read(), "x");
            });
          },
          {.total = 1});
}

TEST_P(ExchangeTimeoutTest, SockReadLimitsTheWaitForTheAnswer) {
  session(answers_after(3s), [&](Core core) -> Task<> {
    const auto error =
        co_await test::failure_of<ServerTimeoutError>(get(core, ClientTimeout{.sock_read = 2s}));
    EXPECT_EQ(error.phase(), Phase::wait);
    EXPECT_EQ(time_.elapsed(), 2s);
  });
}

TEST_P(ExchangeTimeoutTest, SockReadLimitsEachWaitForMoreOfTheHead) {
  const test::Behaviour halting = [](const Received&) {
    return Reaction{.bytes = "HTTP/1.1 200 OK\r\n",
                    .delay = 1500ms,
                    .late = "Content-Length: 0\r\n\r\n",
                    .late_delay = 1500ms};
  };
  session(halting, [&](Core core) -> Task<> {
    const auto response = co_await get(core, ClientTimeout{.sock_read = 2s});
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(time_.elapsed(), 3s);
    co_await test::failure_of<ServerTimeoutError>(get(core, ClientTimeout{.sock_read = 1s}));
  });
}

TEST_P(ExchangeTimeoutTest, TotalLimitsTheSendingOfABodyThatNobodyReads) {
  log_.streams.capacity = 1000;
  const test::Behaviour refuses = [](const Received&) { return Reaction{}; };
  const std::string body(100000, 'x');
  session(refuses, [&](Core core) -> Task<> {
    const RequestOptions options{.data = body, .timeout = ClientTimeout{.total = 2s}};
    const auto error = co_await test::failure_of<ServerTimeoutError>(
        test::request(core, "POST", "http://h/", options));
    EXPECT_EQ(error.phase(), Phase::wait);
    EXPECT_EQ(core->pool->active(), 0U);
  });
}

TEST_P(ExchangeTimeoutTest, SockReadLimitsEachWaitForMoreOfTheBody) {
  session(pauses(3s), [&](Core core) -> Task<> {
    auto slow = co_await get(core, ClientTimeout{.sock_read = 2s});
    EXPECT_EQ(co_await slow.read_any(), "a");
    const auto error = co_await test::failure_of<ServerTimeoutError>(slow.read_any());
    EXPECT_EQ(error.phase(), Phase::receive);
    auto patient = co_await get(core, ClientTimeout{.sock_read = 4s});
    EXPECT_EQ(co_await patient.read(), "ab");
  });
  EXPECT_EQ(log_.connections, 2) << "the one that was late is not used again";
}

TEST_P(ExchangeTimeoutTest, NothingEndsARequestThatHasNoLimits) {
  session(answers_after(100h), [&](Core core) -> Task<> {
    auto response = co_await get(core, ClientTimeout{.total = {}, .sock_connect = {}});
    EXPECT_EQ(co_await response.read(), "x");
  });
}

TEST_P(ExchangeTimeoutTest, IsNotReplayedOnAKeptConnection) {
  session(answers_after(3s), [&](Core core) -> Task<> {
    co_await test::fetch(core, "http://h/");
    co_await test::failure_of<ServerTimeoutError>(get(core, ClientTimeout{.sock_read = 2s}));
  });
  EXPECT_EQ(requests().size(), 2U);
}

}  // namespace
}  // namespace rondo::http
