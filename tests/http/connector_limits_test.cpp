// That the limits of `ConnectorOptions` hold for what a session does: how many connections, for how
// long, and how much of an answer. What each limit means in detail is tested where it is kept.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/http_server.hpp"
#include "rondo/testing/virtual_time.hpp"

#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

using testing::HttpReply;
using testing::HttpServer;
using namespace std::chrono_literals;

class ConnectorLimitsTest : public test::EachBackend {
 protected:
  using Body = std::function<Task<>(HttpServer&, const ClientSession&)>;

  /// Runs `body` with a server that takes a second for "/slow" and none for "/".
  void with_session(const ConnectorOptions& connector, Body body) {
    run(serve(connector, std::move(body)), {.time = &time_});
  }

  /// Four requests at a time.
  static Task<> crowd(const ClientSession& session, std::string url) {
    std::vector<Task<>> requests;
    for (int i = 0; i < 4; ++i) requests.push_back(get(session, url));
    co_await gather(std::move(requests));
  }

  static Task<> get(const ClientSession& session, std::string url) {
    auto response = co_await session.get(url);
    EXPECT_EQ(co_await response.text(), "here");
  }

 private:
  static Task<> serve(ConnectorOptions connector, Body body) {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      HttpServer server(group);
      server.on("/", HttpReply::text("here"));
      server.on("/slow", [](const testing::HttpRequest&) -> Task<HttpReply> {
        co_await sleep(1s);
        co_return HttpReply::text("here");
      });
      SessionOptions options;
      options.connector = connector;
      // Limits would be timers, which a virtual clock may reach before the system has delivered.
      options.timeout = {.total = {}, .sock_connect = {}};
      const ClientSession session(std::move(options));
      co_await body(server, session);
    });
  }

  testing::VirtualTime time_;
};
RONDO_ON_EACH_BACKEND(ConnectorLimitsTest);

TEST_P(ConnectorLimitsTest, OpensNoMoreConnectionsThanTheLimit) {
  const auto count = [&](std::size_t limit) {
    std::size_t connections = 0;
    with_session({.limit = limit}, [&](HttpServer& server, const ClientSession& session) -> Task<> {
      co_await crowd(session, server.url("/slow"));
      connections = server.connections();
    });
    return connections;
  };
  EXPECT_EQ(count(2), 2U);
  EXPECT_EQ(count(0), 4U) << "no limit";
}

TEST_P(ConnectorLimitsTest, OpensNoMoreConnectionsToAHostThanTheLimit) {
  with_session(
      {.limit_per_host = 1}, [&](HttpServer& server, const ClientSession& session) -> Task<> {
        const std::string other = "http://localhost:" + std::to_string(server.port()) + "/slow";
        co_await gather(crowd(session, server.url("/slow")), crowd(session, other));
        EXPECT_EQ(server.connections(), 2U);
      });
}

TEST_P(ConnectorLimitsTest, KeepsAnIdleConnectionForSoLong) {
  with_session({.keepalive_timeout = 1min},
               [&](HttpServer& server, const ClientSession& session) -> Task<> {
                 co_await get(session, server.url("/"));
                 co_await sleep(59s);
                 co_await get(session, server.url("/"));
                 EXPECT_EQ(server.connections(), 1U);
                 co_await sleep(59s);
                 EXPECT_EQ(session.idle_connections(), 1U);
                 co_await sleep(2s);
                 EXPECT_EQ(session.idle_connections(), 0U);
               });
}

TEST_P(ConnectorLimitsTest, TakesNoMoreOfAnAnswerThanItIsTold) {
  HttpReply reply = HttpReply::text("here");
  for (int i = 0; i < 300; ++i) reply.headers.add("X", "y");
  with_session({}, [&](HttpServer& server, const ClientSession& session) -> Task<> {
    server.on("/", reply);
    try {
      static_cast<void>(co_await session.get(server.url("/")));
      ADD_FAILURE() << "that is more than the usual limit";
    } catch (const ClientProtocolError& error) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr("too many"));
    }
  });
  with_session({.http1 = {.max_fields = 310}},
               [&](HttpServer& server, const ClientSession& session) -> Task<> {
                 server.on("/", reply);
                 co_await get(session, server.url("/"));
               });
}

}  // namespace
}  // namespace rondo::http
