// What stands around each request: in which order, how often, and what becomes of its changes.

#include "rondo/http/middleware.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/http/made_response.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/timeout.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using namespace std::chrono_literals;

class MiddlewareTest : public test::ExchangeSuite {
 protected:
  /// Notes when a request passes, and when its answer does.
  Middleware noting(std::string name) {
    return [this, name](Request& request, Next next) -> Task<Response> {
      notes_.push_back(name + " " + std::string(request.url.pathname()));
      Response response = co_await next(request);
      notes_.push_back(name + " " + std::to_string(response.status()));
      co_return response;
    };
  }

  std::vector<std::string> notes_;
};
RONDO_ON_EACH_BACKEND(MiddlewareTest);

Task<Response> add_field(Request& request, Next next) {
  request.headers.add("X-Added", "yes");
  request.headers.set("Authorization", "Made up");
  co_return co_await next(request);
}

TEST_P(MiddlewareTest, StandsAroundTheRequestInTheOrderOfTheList) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {noting("outer"), noting("inner")};
    EXPECT_EQ(co_await test::fetch(core, "http://h/a"), "here");
  });
  EXPECT_EQ(notes_, std::vector<std::string>({"outer /a", "inner /a", "inner 200", "outer 200"}));
}

TEST_P(MiddlewareTest, ChangesWhatIsSent) {
  const auto elsewhere = [](Request& request, Next next) -> Task<Response> {
    request.method = "PUT";
    request.url.set_pathname("/moved");
    request.body = RequestBody("data");
    co_return co_await next(request);
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {add_field, elsewhere};
    auto response = co_await test::request(core, "GET", "http://h/a");
    EXPECT_EQ(response.url().href(), "http://h/moved");
    EXPECT_EQ(response.method(), "PUT");
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_TRUE(requests().at(0).text.starts_with("PUT /moved ")) << requests().at(0).text;
  EXPECT_TRUE(requests().at(0).has("X-Added: yes\r\n"));
  EXPECT_TRUE(requests().at(0).has("\r\n\r\ndata"));
}

TEST_P(MiddlewareTest, IsCalledForEachHopAnew) {
  const test::Behaviour server = [](const Received& request) {
    const bool is_old = request.has(" /old ");
    return Reaction{.bytes = is_old ? test::redirect(302, "http://g/new") : test::ok("here")};
  };
  const auto once = [](Request& request, Next next) -> Task<Response> {
    if (request.url.pathname() == "/old") co_return co_await add_field(request, next);
    co_return co_await next(request);
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {noting("m"), once};
    auto response = co_await test::request(core, "GET", "http://h/old");
    EXPECT_EQ(response.history().size(), 1U);
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_EQ(notes_, std::vector<std::string>({"m /old", "m 302", "m /new", "m 200"}));
  EXPECT_TRUE(requests().at(0).has("Authorization: Made up\r\n"));
  EXPECT_FALSE(requests().at(1).has("Authorization")) << requests().at(1).text;
  EXPECT_FALSE(requests().at(1).has("X-Added")) << requests().at(1).text;
}

TEST_P(MiddlewareTest, MayCallTheRestAgain) {
  int answers = 0;
  const test::Behaviour server = [&](const Received&) {
    const bool is_first = ++answers == 1;
    return Reaction{.bytes = is_first ? "HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\nx"
                                      : test::ok("here")};
  };
  const auto twice = [](Request& request, Next next) -> Task<Response> {
    {
      const Response first = co_await next(request);
      if (first.status() != 503) throw std::logic_error("the first answer is expected to fail");
    }
    co_await sleep(1s);
    co_return co_await next(request);
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {twice, noting("inner")};
    auto response = co_await test::request(core, "POST", "http://h/", {.data = "body"});
    EXPECT_EQ(response.attempts(), 2U);
    EXPECT_EQ(co_await response.read(), "here");
  });
  EXPECT_EQ(notes_, std::vector<std::string>({"inner /", "inner 503", "inner /", "inner 200"}));
  EXPECT_EQ(log_.connections, 1) << "the first answer has given its connection back";
  EXPECT_TRUE(requests().at(1).has("\r\n\r\nbody"));
}

TEST_P(MiddlewareTest, MaySendSeveralAtOnceAndDropTheLosers) {
  const test::Behaviour server = [](const Received& request) {
    return Reaction{.bytes = test::ok(request.has("X-Copy") ? "copy" : "original"),
                    .delay = request.has("X-Copy") ? 1s : 2s};
  };
  const auto both = [](Request& request, Next next) -> Task<Response> {
    Request copy = request;
    copy.headers.add("X-Copy", "1");
    auto answers = co_await gather(next(request), next(copy));
    co_return std::move(std::get<1>(answers));
  };
  session(server, [&](Core core) -> Task<> {
    core->middlewares = {both};
    EXPECT_EQ(co_await test::fetch(core, "http://h/"), "copy");
  });
  EXPECT_EQ(requests().size(), 2U);
}

TEST_P(MiddlewareTest, MayAnswerWithoutTheRest) {
  const auto cached = [](Request& request, Next) -> Task<Response> {
    proto::ResponseHead head{.status = 203, .reason = "Made", .headers = {}};
    head.headers.add("X-From", "cache");
    co_return make_response(request, std::move(head), "remembered");
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {noting("outer"), cached, noting("never")};
    auto response = co_await test::request(core, "GET", "http://h/a");
    EXPECT_EQ(response.status(), 203);
    EXPECT_EQ(response.headers().get("x-from"), "cache");
    EXPECT_EQ(response.url().href(), "http://h/a");
    EXPECT_EQ(response.attempts(), 0U);
    EXPECT_EQ(co_await response.text(), "remembered");
  });
  EXPECT_EQ(notes_, std::vector<std::string>({"outer /a", "outer 203"}));
  EXPECT_TRUE(requests().empty());
}

TEST_P(MiddlewareTest, ThrowsWhatEndsTheRequest) {
  const auto refuse = [](Request& request, Next) -> Task<Response> {
    throw std::domain_error("not to " + std::string(request.url.hostname()));
    co_return make_response(request, {}, "");
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {refuse};
    const auto error =
        co_await test::failure_of<std::domain_error>(test::request(core, "GET", "http://h/"));
    EXPECT_STREQ(error.what(), "not to h");
  });
}

TEST_P(MiddlewareTest, SeesTheErrorOfTheExchange) {
  const auto soften = [](Request& request, Next next) -> Task<Response> {
    std::string reason;
    try {
      co_return co_await next(request);
    } catch (const ServerDisconnectedError& error) {
      reason = error.what();
    }
    co_return make_response(request, {.status = 502, .reason = {}, .headers = {}}, reason);
  };
  const test::Behaviour hangs_up = [](const Received&) { return Reaction{.closes = true}; };
  session(hangs_up, [&](Core core) -> Task<> {
    core->middlewares = {soften};
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(response.status(), 502);
    EXPECT_EQ(co_await response.text(),
              "the server closed the connection without an answer (http://h/)");
  });
}

TEST_P(MiddlewareTest, IsCancelledByTheTotalTimeOfTheRequest) {
  bool was_cancelled = false;
  const auto slow = [&](Request& request, Next next) -> Task<Response> {
    try {
      co_await sleep(1h);
    } catch (const Cancelled&) {
      was_cancelled = true;
      throw;
    }
    co_return co_await next(request);
  };
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {slow};
    co_await test::failure_of<ServerTimeoutError>(
        test::request(core, "GET", "http://h/", {.timeout = 5s}));
  });
  EXPECT_TRUE(was_cancelled);
  EXPECT_TRUE(requests().empty());
}

TEST_P(MiddlewareTest, GivesThePlaceInThePoolBackWhenItIsCancelled) {
  const test::Behaviour silent = [](const Received&) { return Reaction{.delay = 1h}; };
  session(silent, [&](Core core) -> Task<> {
    core->middlewares = {noting("m")};
    bool timed_out = false;
    try {
      co_await timeout(1s, test::fetch(core, "http://h/a"));
    } catch (const TimeoutError&) {
      timed_out = true;
    }
    EXPECT_TRUE(timed_out);
    EXPECT_EQ(core->pool->active(), 0U);
  });
  EXPECT_EQ(notes_, std::vector<std::string>({"m /a"}));
}

TEST_P(MiddlewareTest, OfARequestStandsInPlaceOfTheSessions) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->middlewares = {noting("session")};
    const std::vector<Middleware> none;
    const std::vector<Middleware> own = {noting("own")};
    auto plain = co_await test::request(core, "GET", "http://h/", {.middlewares = &none});
    co_await plain.read();
    auto special = co_await test::request(core, "GET", "http://h/", {.middlewares = &own});
    co_await special.read();
  });
  EXPECT_EQ(notes_, std::vector<std::string>({"own /", "own 200"}));
}

Task<> make_sessions() {
  EXPECT_THROW(ClientSession({.middlewares = {Middleware()}}), std::invalid_argument);
  const ClientSession session({.middlewares = {add_field}});
  co_return;
}

TEST(Middleware, IsAnOptionOfTheSession) {
  run(make_sessions());
}

}  // namespace
}  // namespace rondo::http
