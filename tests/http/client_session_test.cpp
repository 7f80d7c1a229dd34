// The session itself: where it may be used, and what it says elsewhere.

#include "rondo/http/client_session.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/with.hpp"
#include "rondo/testing/http_server.hpp"

#include "tests/support/each_backend.hpp"

namespace rondo::http {
namespace {

class ClientSessionTest : public rondo::test::EachBackend {};
RONDO_ON_EACH_BACKEND(ClientSessionTest);

template <class E>
Task<std::string> message_of(Task<Response> request) {
  try {
    co_await std::move(request);
  } catch (const E& error) {
    co_return error.what();
  }
  co_return "nothing was thrown";
}

TEST(ClientSession, CannotBeMadeOutsideARun) {
  EXPECT_THROW(ClientSession(), NoRunningLoopError);
}

Task<std::unique_ptr<ClientSession>> make_session() {
  // Not make_unique: the place where it is called is where the session is made.
  co_return std::unique_ptr<ClientSession>(new ClientSession());
}

Task<std::string> use_on_another_loop(ClientSession& session) {
  co_return co_await message_of<WrongLoopError>(session.get("http://127.0.0.1:1/"));
}

TEST_P(ClientSessionTest, SaysThatItBelongsToAnotherLoop) {
  EventLoop own(options());
  EventLoop other(options());
  auto session = own.run_until_complete(make_session());
  const std::string message = other.run_until_complete(use_on_another_loop(*session));
  EXPECT_NE(message.find("client_session_test.cpp:"), std::string::npos) << message;
  EXPECT_NE(message.find("belongs to the event loop created at"), std::string::npos) << message;
}

Task<std::string> use_after_its_loop(ClientSession& session) {
  co_return co_await message_of<LoopClosedError>(session.get("http://127.0.0.1:1/"));
}

TEST_P(ClientSessionTest, SaysThatItsLoopIsClosed) {
  const auto session = run(make_session());
  const std::string message = run(use_after_its_loop(*session));
  EXPECT_TRUE(message.starts_with("Event loop is closed: by run()")) << message;
  EXPECT_NE(message.find("; ClientSession created at "), std::string::npos) << message;
  EXPECT_NE(message.find("client_session_test.cpp:"), std::string::npos) << message;
  EXPECT_TRUE(message.ends_with(" belonged to it")) << message;
}

Task<> use_after_close() {
  ClientSession session;
  EXPECT_FALSE(session.closed());
  session.close();
  session.close();
  EXPECT_TRUE(session.closed());
  EXPECT_EQ(co_await message_of<InvalidStateError>(session.get("http://127.0.0.1:1/")),
            "the session is closed");
}

TEST_P(ClientSessionTest, CannotBeUsedAfterClose) {
  run(use_after_close());
}

Task<> use_in_with() {
  ClientSession session;
  auto body = [](ClientSession& its) -> Task<int> {
    EXPECT_FALSE(its.closed());
    co_return 1;
  };
  EXPECT_EQ(co_await with(session, body), 1);
  EXPECT_TRUE(session.closed());
}

TEST_P(ClientSessionTest, IsClosedByWith) {
  run(use_in_with());
}

Task<> request_nonsense() {
  ClientSession session;
  auto request = session.get("no url");  // throws where it is awaited, not here
  EXPECT_NE(co_await message_of<InvalidURL>(std::move(request)), "nothing was thrown");
  EXPECT_NE(co_await message_of<NonHttpUrlError>(session.get("ftp://h/")), "nothing was thrown");
  EXPECT_NE(co_await message_of<InvalidRequest>(session.request("A B", "http://127.0.0.1/")),
            "nothing was thrown");
  EXPECT_EQ(session.active_connections(), 0U);
}

TEST_P(ClientSessionTest, ThrowsWhereTheResponseIsAwaited) {
  run(request_nonsense());
}

/// Answers with the method and the fields that the session adds.
Task<> converse(TaskGroup& group) {
  testing::HttpServer server(group);
  server.on("/", testing::HttpReply::text("hello"));
  ClientSession session({.headers = {{"User-Agent", "mine"}}});
  Task<Response> requests[] = {session.get(server.url("/")),    session.head(server.url("/")),
                               session.post(server.url("/")),   session.put(server.url("/")),
                               session.patch(server.url("/")),  session.delete_(server.url("/")),
                               session.options(server.url("/"))};
  std::string methods;
  for (auto& request : requests) {
    auto response = co_await std::move(request);
    methods.append(response.method()).append(" ");
    EXPECT_EQ(co_await response.text(), response.method() == "HEAD" ? "" : "hello");
    EXPECT_EQ(response.remote(), "127.0.0.1:" + std::to_string(server.port()));
  }
  EXPECT_EQ(methods, "GET HEAD POST PUT PATCH DELETE OPTIONS ");
  EXPECT_EQ(session.idle_connections(), 1U);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_P(ClientSessionTest, SendsEveryMethodOverOneConnection) {
  run(with_task_group(converse));
}

Task<> go_on_after_close(TaskGroup& group) {
  testing::HttpServer server(group);
  server.on("/", testing::HttpReply::text("hello"));
  std::optional<ClientSession> session(std::in_place);
  auto request = session->get(server.url("/"));
  auto running = group.spawn(std::move(request));
  auto response = co_await session->get(server.url("/"));
  session.reset();
  EXPECT_EQ(co_await response.text(), "hello");
  co_await running.wait();
  EXPECT_FALSE(running.cancelled());
}

TEST_P(ClientSessionTest, LetsRequestsGoOnThatOutliveIt) {
  run(with_task_group(go_on_after_close));
}

}  // namespace
}  // namespace rondo::http
