// Exchanges that fail: what is tried again, which error comes out, and what is left of the pool.

#include <gtest/gtest.h>

#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/dns/resolve_error.hpp"
#include "rondo/http/connector.hpp"
#include "rondo/runtime/cancelled.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::Core;
using test::Reaction;
using test::Received;

class ExchangeFailureTest : public test::ExchangeSuite {
 protected:
  /// A server whose first connection answers once, and on the second request says `dying` and
  /// closes. Others answer always.
  static test::Behaviour dies_kept(std::string dying) {
    return [dying, answered = false](const Received& request) mutable {
      if (request.connection > 1 || !std::exchange(answered, true)) {
        return Reaction{.bytes = test::ok("fine")};
      }
      return Reaction{.bytes = dying, .closes = true};
    };
  }
};
RONDO_ON_EACH_BACKEND(ExchangeFailureTest);

TEST_P(ExchangeFailureTest, SendsAgainWhatAKeptConnectionDidNotAnswer) {
  session(dies_kept(""), [](Core core) -> Task<> {
    co_await test::fetch(core, "http://h/1");
    const RequestOptions body{.data = "body"};
    auto response = co_await test::request(core, "PUT", "http://h/2", body);
    EXPECT_EQ(co_await response.read(), "fine");
    EXPECT_EQ(response.attempts(), 2U);
  });
  EXPECT_EQ(requests().at(1).text, requests().at(2).text);
  EXPECT_EQ(requests().size(), 3U);
}

TEST_P(ExchangeFailureTest, DoesNotSendAPostAgain) {
  session(dies_kept(""), [](Core core) -> Task<> {
    co_await test::fetch(core, "http://h/1");
    const auto error = co_await test::failure_of<ServerDisconnectedError>(
        test::request(core, "POST", "http://h/2"));
    EXPECT_EQ(error.phase(), Phase::wait);
    EXPECT_EQ(error.url(), "http://h/2");
  });
  EXPECT_EQ(requests().size(), 2U);
}

TEST_P(ExchangeFailureTest, DoesNotSendAgainWhatWasAnsweredInPart) {
  for (const char* part : {"H", "HTTP/1.1 200 OK\r\nConten", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    log_ = {};
    session(dies_kept(part), [](Core core) -> Task<> {
      co_await test::fetch(core, "http://h/1");
      co_await test::failure_of<ServerDisconnectedError>(test::fetch(core, "http://h/2"));
    });
    EXPECT_EQ(requests().size(), 2U);
  }
}

TEST_P(ExchangeFailureTest, DoesNotSendAgainWhatANewConnectionDidNotAnswer) {
  const test::Behaviour never = [](const Received&) { return Reaction{.closes = true}; };
  session(never, [](Core core) -> Task<> {
    co_await test::failure_of<ServerDisconnectedError>(test::fetch(core, "http://h/"));
  });
  EXPECT_EQ(requests().size(), 1U);
}

TEST_P(ExchangeFailureTest, SendsAgainOnceAndNoMore) {
  const test::Behaviour once = [first = true](const Received&) mutable {
    if (std::exchange(first, false)) return Reaction{.bytes = test::ok("")};
    return Reaction{.closes = true};
  };
  session(once, [](Core core) -> Task<> {
    co_await test::fetch(core, "http://h/1");
    co_await test::failure_of<ServerDisconnectedError>(test::fetch(core, "http://h/2"));
  });
  EXPECT_EQ(requests().size(), 3U);
}

TEST_P(ExchangeFailureTest, SendsAgainOverANewConnectionThoughOthersAreIdle) {
  const test::Behaviour server = [](const Received& request) {
    const bool is_dying = request.has(" /2 ") && request.connection <= 2;
    return is_dying ? Reaction{.closes = true} : Reaction{.bytes = test::ok(""), .delay = 1ms};
  };
  session(server, [](Core core) -> Task<> {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      group.spawn(test::fetch(core, "http://h/1"));
      group.spawn(test::fetch(core, "http://h/1"));
      co_return;
    });
    EXPECT_EQ(core->pool->idle(), 2U);
    co_await test::fetch(core, "http://h/2");
  });
  EXPECT_EQ(log_.connections, 3);
}

TEST_P(ExchangeFailureTest, NamesTheClassAndThePhaseOfWhatStoodInTheWayOfAConnection) {
  log_.failures = {std::make_exception_ptr(OsError(ECONNREFUSED, "connect")),
                   std::make_exception_ptr(DeniedAddress("not public"))};
  session(test::ok(""), [](Core core) -> Task<> {
    const auto refused =
        co_await test::failure_of<ClientConnectorError>(test::fetch(core, "http://u:pw@h/"));
    EXPECT_EQ(refused.phase(), Phase::connect);
    EXPECT_EQ(class_name(refused), "ClientConnectorError");
    EXPECT_EQ(std::string(refused.what()).find("pw"), std::string::npos);
    EXPECT_THROW(std::rethrow_exception(refused.cause()), OsError);
    co_await test::failure_of<AddressDenied>(test::fetch(core, "http://h/"));
    EXPECT_EQ(co_await test::fetch(core, "http://h/"), "");
  });
}

TEST_P(ExchangeFailureTest, LeavesAMistakeOfTheProgramWhatItIs) {
  log_.failures = {std::make_exception_ptr(WrongLoopError("another loop's"))};
  session(test::ok(""), [](Core core) -> Task<> {
    co_await test::failure_of<WrongLoopError>(test::fetch(core, "http://h/"));
    EXPECT_EQ(co_await test::fetch(core, "http://h/"), "");
  });
}

TEST_P(ExchangeFailureTest, CallsAnAnswerThatIsNoHttpAProtocolError) {
  session("SSH-2.0-x\r\n", [](Core core) -> Task<> {
    const auto error =
        co_await test::failure_of<ClientProtocolError>(test::fetch(core, "http://h/"));
    EXPECT_EQ(error.phase(), Phase::wait);
    EXPECT_EQ(error.status(), 0);
  });
  EXPECT_EQ(requests().size(), 1U);
}

Task<> play_failure(std::vector<testing::StreamRecord>& records) {
  std::vector<testing::StreamScript> scripts(2);
  scripts[0].failing_operation = 1;
  scripts[0].failure = EIO;
  scripts[1].ending = EIO;
  auto source = std::make_unique<test::ScriptedSource>(scripts, records);
  const Core core = test::make_core(get_running_loop(), std::move(source));
  const auto sending = co_await test::failure_of<ClientOSError>(test::fetch(core, "http://h/"));
  EXPECT_EQ(sending.phase(), Phase::send);
  const auto waiting = co_await test::failure_of<ClientOSError>(test::fetch(core, "http://h/"));
  EXPECT_EQ(waiting.phase(), Phase::wait);
  EXPECT_EQ(core->pool->active(), 0U);
}

TEST_P(ExchangeFailureTest, CallsAFailureOfTheSystemByItsName) {
  std::vector<testing::StreamRecord> records;
  run(play_failure(records));
  EXPECT_TRUE(records.at(0).was_destroyed && records.at(1).was_destroyed);
}

/// A request whose every phase takes time: queueing, connecting, a redirect, the head, the body.
Task<> cancel_after(Core core, Clock::duration time, int& ended) {
  co_await with_task_group([&](TaskGroup& group) -> Task<> {
    auto before = group.spawn(test::fetch(core, "http://h/old"));
    auto cancelled = group.spawn(test::fetch(core, "http://h/old"));
    co_await sleep(time);
    cancelled.cancel();
    co_await cancelled.wait();
    if (!cancelled.cancelled()) ++ended;
    co_await before.wait();
  });
}

TEST_P(ExchangeFailureTest, GivesEverythingBackWhereverItIsCancelled) {
  const test::Behaviour slow = [](const Received& request) {
    if (request.has(" /old ")) return Reaction{.bytes = test::redirect(302, "/new"), .delay = 3ms};
    return Reaction{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na",
                    .delay = 3ms,
                    .late = "b",
                    .late_delay = 3ms};
  };
  log_.connect_delay = 3ms;
  int ended = 0;
  for (int step = 0; step < 40; ++step) {
    session(slow,
            [&](Core core) -> Task<> {
              co_await cancel_after(core, std::chrono::milliseconds(step), ended);
              EXPECT_EQ(co_await test::fetch(core, "http://h/old"), "ab") << step;
            },
            {.total = 1});
  }
  EXPECT_GT(ended, 0) << "the last steps come after the end";
  EXPECT_LT(ended, 30) << "and the first before it";
}

}  // namespace
}  // namespace rondo::http
