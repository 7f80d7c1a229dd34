// A response beside its loop's end and beside other threads: who closes its connection, and what it
// says afterwards.

#include <gmock/gmock.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/event.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run_coroutine_threadsafe.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/http_server.hpp"

#include "tests/http/exchange_fixture.hpp"
#include "tests/support/descriptors.hpp"

namespace rondo::http {
namespace {

using namespace std::chrono_literals;
using test::Core;
using test::Reaction;
using test::Received;
using ::testing::ElementsAre;
using ::testing::MatchesRegex;

class ResponseLifetimeTest : public test::ExchangeSuite {
 protected:
  /// Virtual time; what is logged goes to `reports_`.
  RunOptions logged() {
    return {.time = &time_,
            .log = [this](std::string_view report) { reports_.emplace_back(report); }};
  }

  std::vector<std::string> reports_;
};
RONDO_ON_EACH_BACKEND(ResponseLifetimeTest);

constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

/// A core whose only connection plays `script`.
Core scripted(testing::StreamScript script, std::vector<testing::StreamRecord>& records) {
  std::vector<testing::StreamScript> scripts{std::move(script)};
  return test::make_core(get_running_loop(),
                         std::make_unique<test::ScriptedSource>(std::move(scripts), records));
}

/// What an `E` that `task` ends with says.
template <class E, class T>
Task<std::string> message_of(Task<T> task) {
  const auto error = co_await test::failure_of<E>(std::move(task));
  co_return error.what();
}

Task<> serve_and_keep(TaskGroup& group, std::vector<Response>& kept) {
  testing::HttpServer server(group);
  server.on("/", testing::HttpReply::text(std::string(std::size_t{8} << 20, 'x')));
  const ClientSession session;
  for (int i = 0; i < 3; ++i) kept.push_back(co_await session.get(server.url("/large")));
}

Task<> serve_and_keep_in(std::vector<Response>& kept) {
  co_await with_task_group(
      [&](TaskGroup& group) -> Task<> { co_await serve_and_keep(group, kept); });
}

TEST_P(ResponseLifetimeTest, KeptBeyondItsLoopHoldsNoConnection) {
  const auto before = rondo::test::open_descriptors();
  std::vector<Response> kept;
  RunOptions options = logged();
  options.time = nullptr;
  run(serve_and_keep_in(kept), options);
  EXPECT_EQ(rondo::test::open_descriptors(), before);
  EXPECT_THAT(reports_, ElementsAre(MatchesRegex(
                            "at the end of the event loop created at [^ ]+:\n"
                            "  3 × response not read to its end: of the ClientSession created "
                            "at response_lifetime_test.cpp:[0-9]+")));
  for (Response& response : kept) {
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.content_length(), std::uint64_t{8} << 20);
    const auto says = MatchesRegex(
        "Event loop is closed: by run\\(\\) at each_backend.hpp:[0-9]+ on thread 'main', "
        "[0-9]+\\.[0-9] s ago; response of the ClientSession created at "
        "response_lifetime_test.cpp:[0-9]+ belonged to it");
    EXPECT_THAT(run(message_of<LoopClosedError>(response.read_any())), says);
    EXPECT_THAT(run(message_of<LoopClosedError>(response.text())), says);
    response.release();
    response.close();
  }
}

/// A stream of events: one every few milliseconds, without an end.
Task<> serve_events(std::shared_ptr<net::TcpListener> listener) {
  const auto stream = co_await listener->accept();
  co_await stream->write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
  while (true) {
    co_await stream->write("data: x\n\n");
    co_await sleep(2ms);
  }
}

Task<> follow_events(std::string url, std::shared_ptr<Event> has_begun) {
  const ClientSession session;
  auto response = co_await session.get(url);
  for (int received = 0;; ++received) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) throw Error("the stream has ended");
    if (received == 2) has_begun->set();
  }
}

using Ends = std::vector<std::future<void>>;

Task<> leave_a_stream_behind(Ends& ends) {
  const auto listener = std::make_shared<net::TcpListener>(net::SocketAddress::loopback(0));
  const std::string url = "http://" + listener->local_address().to_string() + "/";
  const auto has_begun = std::make_shared<Event>();
  const LoopHandle loop = get_running_loop().handle();
  ends.push_back(run_coroutine_threadsafe(loop, serve_events, listener));
  ends.push_back(run_coroutine_threadsafe(loop, follow_events, url, has_begun));
  co_await has_begun->wait();
}

TEST_P(ResponseLifetimeTest, AStreamWithoutAnEndEndsWithTheLoop) {
  const auto before = rondo::test::open_descriptors();
  Ends ends;
  RunOptions options = logged();
  options.time = nullptr;
  run(leave_a_stream_behind(ends), options);
  EXPECT_EQ(rondo::test::open_descriptors(), before);
  for (auto& end : ends) EXPECT_THROW(end.get(), LoopClosedError);
  EXPECT_THAT(reports_, ::testing::IsEmpty());
}

Task<> keep(std::vector<testing::StreamRecord>& records, std::optional<Response>& kept) {
  const Core core = scripted({.pieces = {std::string(kHead), "a"}, .ending = -1}, records);
  kept.emplace(co_await test::request(core, "GET", "http://h/"));
}

TEST_P(ResponseLifetimeTest, LosesItsConnectionToTheEndOfTheLoopAndNoSooner) {
  std::vector<testing::StreamRecord> records;
  std::optional<Response> kept;
  EventLoop loop(options());
  loop.run_until_complete(keep(records, kept));
  EXPECT_FALSE(records[0].was_destroyed);
  loop.close();
  EXPECT_TRUE(records[0].was_destroyed);
}

TEST_P(ResponseLifetimeTest, IsNotReadUnderAnotherLoop) {
  std::vector<testing::StreamRecord> records;
  std::optional<Response> kept;
  EventLoop own(options());
  own.run_until_complete(keep(records, kept));
  EventLoop other(options());
  EXPECT_THAT(
      other.run_until_complete(message_of<WrongLoopError>(kept->read_any())),
      MatchesRegex("response of the ClientSession created at memory_server.hpp:[0-9]+ belongs to "
                   "the event loop created at response_lifetime_test.cpp:[0-9]+, and was used "
                   "under that created at response_lifetime_test.cpp:[0-9]+"));
  auto ask = [&]() -> Task<std::string> { co_return std::string(co_await kept->read_any()); };
  EXPECT_EQ(own.run_until_complete(ask()), "a") << "it is as it was";
}

template <class Action>
std::string refusal_on_another_thread(Action action) {
  std::string says = "nothing was thrown";
  std::thread([&] {
    pthread_setname_np(pthread_self(), "feeder");
    try {
      action();
    } catch (const WrongThreadError& error) {
      says = error.what();
    }
  }).join();
  return says;
}

Task<> let_pass(Clock::duration time) {
  co_await sleep(time);
}

TEST_P(ResponseLifetimeTest, IsHandedOverToItsLoopByAnotherThreadThatDestroysIt) {
  std::vector<testing::StreamRecord> records;
  std::optional<Response> kept;
  EventLoop loop(options());
  loop.run_until_complete(keep(records, kept));
  for (const auto& [function, says] :
       {std::pair{"release", refusal_on_another_thread([&] { kept->release(); })},
        std::pair{"close", refusal_on_another_thread([&] { kept->close(); })}}) {
    EXPECT_EQ(says, "Response::" + std::string(function) +
                        "() called on thread 'feeder', but the event loop belongs to thread "
                        "'main': use call_soon_threadsafe() to hand over");
  }
  std::thread([&] { kept.reset(); }).join();
  EXPECT_FALSE(records[0].was_destroyed);
  loop.run_until_complete(let_pass(2s));
  EXPECT_TRUE(records[0].was_destroyed);
}

Task<std::unique_ptr<ClientSession>> make_session() {
  co_return std::make_unique<ClientSession>();
}

TEST_P(ResponseLifetimeTest, ASessionIsHandedOverAsWell) {
  EventLoop loop(options());
  auto session = loop.run_until_complete(make_session());
  EXPECT_EQ(refusal_on_another_thread([&] { session->close(); }),
            "ClientSession::close() called on thread 'feeder', but the event loop belongs to "
            "thread 'main': use call_soon_threadsafe() to hand over");
  EXPECT_FALSE(session->closed());
  std::thread([&] { session.reset(); }).join();
  loop.run_until_complete(let_pass(1ms));
}

Task<Response> request_of(Core core) {
  co_return co_await test::request(core, "GET", "http://h/");
}

Task<> end_during_a_body(std::vector<testing::StreamRecord>& records, bool is_later) {
  const Core core = scripted({.pieces = {std::string(kHead), "a"}, .ending = -1}, records);
  {
    const Response dropped = co_await request_of(core);
  }
  if (is_later) co_await sleep(100ms);  // the draining has begun
  core->pool->close();
}

TEST_P(ResponseLifetimeTest, NoEndOfALoopWaitsForTheRestOfABody) {
  for (const bool is_later : {false, true}) {
    std::vector<testing::StreamRecord> records;
    const auto begun = time_.elapsed();
    run(end_during_a_body(records, is_later), logged());
    EXPECT_EQ(time_.elapsed() - begun, is_later ? 100ms : 0ms);
    EXPECT_TRUE(records[0].was_destroyed);
  }
  EXPECT_THAT(reports_, ::testing::IsEmpty()) << "a dropped response is none that was kept";
}

Task<> close_early(std::vector<testing::StreamRecord>& records) {
  const Core core = scripted({.pieces = {std::string(kHead), "a"}, .ending = -1}, records);
  Response response = co_await request_of(core);
  response.close();
  EXPECT_TRUE(records[0].was_destroyed) << "however little is left";
  EXPECT_EQ(core->pool->active(), 0U);
  EXPECT_EQ(co_await message_of<InvalidStateError>(response.read_any()),
            "the body of this response has been released");
  core->pool->close();
}

TEST_P(ResponseLifetimeTest, CloseDoesWithoutTheConnection) {
  std::vector<testing::StreamRecord> records;
  run(close_early(records), logged());
  EXPECT_EQ(time_.elapsed(), 0s);
}

TEST_P(ResponseLifetimeTest, CloseBehindTheEndKeepsTheConnection) {
  session(test::ok("body"), [](Core core) -> Task<> {
    auto response = co_await request_of(core);
    EXPECT_EQ(co_await response.read(), "body");
    response.close();
    EXPECT_EQ(core->pool->idle(), 1U);
  });
}

/// Everything that an answer can leave behind: history, early hints, fields, a body in chunks with
/// trailers, and a request with a header and a body of its own.
Task<> have_all_parts(Core core) {
  auto response = co_await test::request(core, "POST", "http://h/first",
                                         {.headers = {{"X-Own", "1"}}, .data = "some bytes"});
  const std::string body = co_await response.read();
  EXPECT_EQ(body, "chunk");
  EXPECT_EQ(response.history().size(), 1U);
  EXPECT_EQ(response.informational().size(), 1U);
  EXPECT_TRUE(response.headers().contains("X-Long"));
  EXPECT_TRUE(response.trailers().contains("X-Trailer"));
}

TEST_P(ResponseLifetimeTest, LeavesItsMemoryToTheNextAndNothingElse) {
  const auto serve = [](const Received& request) -> Reaction {
    if (request.has(" /first ")) return {.bytes = test::redirect(307, "/all")};
    if (request.has(" /all ")) {
      return {.bytes =
                  "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                  "HTTP/1.1 201 Made Long Ago\r\nX-Long: yes\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n"
                  "5\r\nchunk\r\n0\r\nX-Trailer: t\r\n\r\n"};
    }
    return {.bytes = "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx"};
  };
  session(serve, [this](Core core) -> Task<> {
    co_await have_all_parts(core);
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(requests().back().text, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.reason(), "");
    EXPECT_EQ(response.headers().size(), 1U);
    EXPECT_TRUE(response.history().empty());
    EXPECT_TRUE(response.informational().empty());
    EXPECT_EQ(response.attempts(), 1U);
    EXPECT_EQ(response.url().href(), "http://h/");
    const std::string body = co_await response.read();
    EXPECT_EQ(body, "x");
    EXPECT_TRUE(response.trailers().empty());
  });
}

}  // namespace
}  // namespace rondo::http
