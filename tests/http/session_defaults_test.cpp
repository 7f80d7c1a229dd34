// What requests take from their session, and to whom it goes.

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/http_server.hpp"

#include "tests/http/exchange_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;

class SessionDefaultsTest : public test::ExchangeSuite {};
RONDO_ON_EACH_BACKEND(SessionDefaultsTest);

proto::Url parsed(std::string_view text) {
  return proto::Url::parse(text).value();
}

TEST_P(SessionDefaultsTest, UrlsAreRelativeToTheBaseUrl) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->defaults.base_url = parsed("http://h/v1/");
    core->defaults.params = {{"key", "1"}};
    for (const char* url : {"items?a=b", "/root", "http://g/x", ""}) {
      co_await test::fetch(core, url);
    }
    co_await test::request(core, "GET", "items", {.params = {{"q", "2"}}});
  });
  EXPECT_TRUE(requests()[0].text.starts_with("GET /v1/items?a=b&key=1 HTTP/1.1\r\nHost: h\r\n"));
  EXPECT_TRUE(requests()[1].text.starts_with("GET /root?key=1 "));
  EXPECT_TRUE(requests()[2].text.starts_with("GET /x?key=1 HTTP/1.1\r\nHost: g\r\n"));
  EXPECT_TRUE(requests()[3].text.starts_with("GET /v1/?key=1 "));
  EXPECT_TRUE(requests()[4].text.starts_with("GET /v1/items?key=1&q=2 "));
}

TEST_P(SessionDefaultsTest, CredentialsGoToTheOriginOfTheBaseUrlOnly) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->defaults.base_url = parsed("http://h/");
    core->headers.set("Authorization", "Basic session");
    core->own_cookies = "own=1";
    co_await test::fetch(core, "/a");
    co_await test::fetch(core, "http://other/a");
    co_await test::fetch(core, "http://h:81/a");
  });
  EXPECT_TRUE(requests()[0].has("Authorization: Basic session\r\n"));
  EXPECT_TRUE(requests()[0].has("Cookie: own=1\r\n"));
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_FALSE(requests()[i].has("Authorization")) << requests()[i].text;
    EXPECT_FALSE(requests()[i].has("Cookie")) << requests()[i].text;
  }
}

TEST_P(SessionDefaultsTest, AuthIsOfTheRequestTheUrlOrTheSession) {
  session(test::ok("here"), [&](Core core) -> Task<> {
    core->headers.set("Authorization", "Basic session");
    co_await test::fetch(core, "http://h/");
    co_await test::fetch(core, "http://me:secret@h/");
    co_await test::request(core, "GET", "http://h/", {.auth = BasicAuth{"fred", "pass"}});
    co_await test::request(core, "GET", "http://h/", {.auth = BearerAuth{"abc.def"}});
  });
  EXPECT_TRUE(requests()[0].has("Authorization: Basic session\r\n"));
  EXPECT_TRUE(requests()[1].has("Authorization: Basic bWU6c2VjcmV0\r\n"));
  EXPECT_TRUE(requests()[2].has("Authorization: Basic ZnJlZDpwYXNz\r\n"));
  EXPECT_TRUE(requests()[3].has("Authorization: Bearer abc.def\r\n"));
}

Task<> ask_ambiguously(Core core) {
  const RequestOptions cases[] = {
      {.headers = {{"Authorization", "Own"}}, .auth = BasicAuth{"a", "b"}},
      {.auth = BasicAuth{"a:b", "c"}},
      {.auth = BasicAuth{"a\r\nX: y", "c"}},
      {.auth = BearerAuth{"secret\r\nX: y"}},
      {.auth = BearerAuth{""}},
      {.cookies = {{"a", "b; c=d"}}},
      {.cookies = {{"a=b", "c"}}},
      {.cookies = {{"a", "b\r\nX: y"}}},
      {.headers = {{"X", "a\r\nY: b"}}},
      {.headers = {{"X\r\nY", "a"}}},
      {.headers = {{"Content-Length", "7"}}, .data = "body"},
      {.headers = {{"Transfer-Encoding", "chunked"}}, .data = "body"},
      {.data = "a", .json = "b"},
      {.headers = {{"Content-Encoding", "br"}}, .data = "a", .compress = "gzip"},
  };
  for (const RequestOptions& options : cases) {
    std::string message;
    try {
      co_await test::request(core, "POST", "http://h/", options);
    } catch (const InvalidRequest& error) {
      message = error.what();
    }
    EXPECT_FALSE(message.empty()) << (&options - cases);
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
  }
  co_await test::failure_of<InvalidRequest>([](Core its) -> Task<> {
    co_await test::request(its, "GET", "http://u:p@h/", {.auth = BasicAuth{"a", "b"}});
  }(core));
  co_await test::failure_of<InvalidRequest>([](Core its) -> Task<> {
    co_await test::request(its, "GET /x HTTP/1.1\r\nX:", "http://h/");
  }(core));
}

TEST_P(SessionDefaultsTest, WhatWouldBeAnotherRequestIsRefusedBeforeItIsSent) {
  session(test::ok("here"), ask_ambiguously);
  EXPECT_TRUE(requests().empty());
  EXPECT_EQ(log_.connections, 0);
}

TEST_P(SessionDefaultsTest, CookiesOfARequestStayWithItsOrigin) {
  const test::Behaviour server = [](const Received& request) {
    const bool is_old = request.has(" /old ");
    return Reaction{.bytes = is_old ? test::redirect(302, "http://g/new") : test::ok("here")};
  };
  session(server, [&](Core core) -> Task<> {
    core->own_cookies = "own=1";
    core->cookies->store(parsed("http://h/"), "kept=2", std::chrono::system_clock::now());
    co_await test::request(core, "GET", "http://h/old", {.cookies = {{"a", "b"}, {"c", "d"}}});
  });
  EXPECT_TRUE(requests()[0].has("Cookie: a=b; c=d; own=1; kept=2\r\n")) << requests()[0].text;
  EXPECT_FALSE(requests()[1].has("Cookie"));
}

TEST_P(SessionDefaultsTest, AnAnswerThatSaysNoIsAnErrorOnDemand) {
  const std::string no = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone";
  session(no, [&](Core core) -> Task<> {
    const RaiseForStatus off(false);
    const RaiseForStatus on(true);
    core->defaults.status_check = on.check();
    const auto error =
        co_await test::failure_of<ClientResponseError>(test::request(core, "GET", "http://h/"));
    EXPECT_EQ(error.status(), 404);
    auto calm = co_await test::request(core, "GET", "http://h/", {.raise_for_status = false});
    EXPECT_EQ(co_await calm.read(), "gone");
    core->defaults.status_check = off.check();
    co_await test::failure_of<ClientResponseError>(
        test::request(core, "GET", "http://h/", {.raise_for_status = true}));
    const RaiseForStatus own([](Response& response) -> Task<> {
      const std::string body = co_await response.read();
      throw std::domain_error("the server says: " + body);
    });
    const auto special = co_await test::failure_of<std::domain_error>(
        test::request(core, "GET", "http://h/", {.raise_for_status = own}));
    EXPECT_STREQ(special.what(), "the server says: gone");
  });
  EXPECT_EQ(log_.connections, 1) << "small answers give their connection back";
}

TEST_P(SessionDefaultsTest, NetrcKnowsItsHostsAlone) {
  const test::Behaviour server = [](const Received& request) {
    const bool is_old = request.has(" /old ");
    return Reaction{.bytes = is_old ? test::redirect(302, "http://g/new") : test::ok("here")};
  };
  session(server, [&](Core core) -> Task<> {
    core->netrc = proto::Netrc::parse("machine g login fred password pass\n").value();
    core->has_netrc = true;
    co_await test::fetch(core, "http://h/old");
    co_await test::request(core, "GET", "http://g/", {.auth = BearerAuth{"own"}});
  });
  EXPECT_FALSE(requests()[0].has("Authorization"));
  EXPECT_TRUE(requests()[1].has("Authorization: Basic ZnJlZDpwYXNz\r\n")) << requests()[1].text;
  EXPECT_TRUE(requests()[2].has("Authorization: Bearer own\r\n"));
}

TEST_P(SessionDefaultsTest, ABodyHasALimitHoweverItIsRead) {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nfghij\r\n0\r\n\r\n";
  for (const std::string& answer : {test::ok("abcdefghij"), chunked}) {
    session(answer, [&](Core core) -> Task<> {
      core->max_body = 10;
      EXPECT_EQ(co_await test::fetch(core, "http://h/"), "abcdefghij");
      core->max_body = 9;
      co_await test::failure_of<ResponseTooLarge>(test::fetch(core, "http://h/"));
      auto response = co_await test::request(core, "GET", "http://h/");
      std::size_t size = 0;
      std::string message;
      try {
        while (true) {
          const std::string_view piece = co_await response.read_any();
          if (piece.empty()) break;
          size += piece.size();
        }
      } catch (const ResponseTooLarge& error) {
        message = error.what();
      }
      EXPECT_LE(size, 9U);
      EXPECT_NE(message.find("max_body"), std::string::npos) << message;
    });
  }
}

Task<> use_options(TaskGroup& group, SessionOptions options) {
  testing::HttpServer server(group);
  server.on("/", [](const testing::HttpRequest& request) -> Task<testing::HttpReply> {
    std::string text;
    for (const char* name : {"User-Agent", "Accept", "Authorization", "Cookie"}) {
      text += std::string(request.headers.get(name).value_or("-")) + "|";
    }
    co_return testing::HttpReply::text(text);
  });
  options.base_url = server.url("/");
  options.auth = BasicAuth{"fred", "pass"};
  options.own_cookies = {{"a", "b"}, {"c", "d"}};
  options.skip_auto_headers = {"user-agent"};
  options.cookie_jar = std::make_shared<proto::CookieJar>();
  ClientSession session(options);
  EXPECT_EQ(session.cookie_jar(), options.cookie_jar.get());
  auto response = co_await session.get("");
  EXPECT_EQ(co_await response.text(), "-|*/*|Basic ZnJlZDpwYXNz|a=b; c=d|");
}

/// Asks with other limits than the session has, and goes on with those of the session.
Task<> ask_within_limits(Core core) {
  const proto::Http1Limits tight{.max_fields = 2};
  const proto::Http1Limits loose{.max_line = 64 * 1024};
  auto large = co_await test::request(core, "GET", "http://h/", {.http1 = &loose});
  EXPECT_EQ(large.headers().get("X")->size(), 20000U);
  EXPECT_EQ(co_await large.read(), "body");
  co_await test::failure_of<ClientProtocolError>(test::request(core, "GET", "http://h/"));
  EXPECT_EQ(co_await test::fetch(core, "http://h/three"), "body");
  const auto refusal = co_await test::failure_of<ClientProtocolError>(
      test::request(core, "GET", "http://h/to-three", {.http1 = &tight}));
  EXPECT_NE(std::string_view(refusal.what()).find("too many"), std::string_view::npos);
  EXPECT_EQ(co_await test::fetch(core, "http://h/three"), "body");
}

TEST_P(SessionDefaultsTest, ARequestMayHaveOtherLimitsForItsAnswer) {
  session(
      [](const Received& request) -> Reaction {
        if (request.has("/to-three")) return {.bytes = test::redirect(302, "/three")};
        const std::string fields =
            request.has("/three") ? "A: 1\r\nB: 2\r\n" : "X: " + std::string(20000, 'x') + "\r\n";
        return {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n" + fields + "\r\nbody"};
      },
      ask_within_limits);
  std::vector<int> connections;
  for (const Received& request : requests()) connections.push_back(request.connection);
  EXPECT_EQ(connections, (std::vector{1, 1, 2, 2, 2, 3})) << "they are shared, but for broken ones";
}

TEST_P(SessionDefaultsTest, AreOptionsOfTheSession) {
  run(with_task_group([](TaskGroup& group) { return use_options(group, {}); }));
}

std::string names_of(const testing::HttpRequest& request) {
  std::string text;
  for (const Field field : request.headers) text += std::string(field.name) + " ";
  return text;
}

Task<> skip_headers(TaskGroup& group) {
  testing::HttpServer server(group);
  server.on("/", [](const testing::HttpRequest& request) -> Task<testing::HttpReply> {
    co_return testing::HttpReply::text(names_of(request));
  });
  server.on("/away", [](const testing::HttpRequest&) -> Task<testing::HttpReply> {
    testing::HttpReply reply = testing::HttpReply::of_status(307);
    reply.headers.add("Location", "/");
    co_return reply;
  });
  const auto names = [](Task<Response> task) -> Task<std::string> {
    Response response = co_await std::move(task);
    co_return co_await response.text();
  };
  const ClientSession session({.base_url = server.url("/")});
  EXPECT_EQ(co_await names(session.get("")), "Host User-Agent Accept Accept-Encoding ");
  EXPECT_EQ(co_await names(session.get("away", {.skip_auto_headers = {"user-agent", "Accept"}})),
            "Host Accept-Encoding ");
  EXPECT_EQ(co_await names(session.get("", {.headers = {{"Accept", "text/csv"}},
                                            .skip_auto_headers = {"Accept", "Host", "X-No"}})),
            "Host User-Agent Accept-Encoding Accept ");
  EXPECT_EQ(co_await names(session.get("")), "Host User-Agent Accept Accept-Encoding ");
  EXPECT_EQ(
      co_await names(session.post(
          "", {.skip_auto_headers = {"User-Agent", "Accept", "Accept-Encoding", "Content-Type"},
               .json = "{}"})),
      "Host Content-Length ");

  const ClientSession particular({.headers = {{"accept", "text/csv"}},
                                  .base_url = server.url("/"),
                                  .skip_auto_headers = {"content-type", "User-Agent"}});
  EXPECT_EQ(co_await names(particular.post("", {.skip_auto_headers = {"Accept"}, .json = "{}"})),
            "Host Accept Accept-Encoding Content-Length ")
      << "what the user has said is no field that the session adds";
}

TEST_P(SessionDefaultsTest, FieldsThatTheSessionAddsCanBeLeftOut) {
  run(with_task_group([](TaskGroup& group) { return skip_headers(group); }));
}

Task<> ask_with_netrc(TaskGroup& group, std::string file) {
  testing::HttpServer server(group);
  server.on("/", [](const testing::HttpRequest& request) -> Task<testing::HttpReply> {
    co_return testing::HttpReply::text(
        std::string(request.headers.get("Authorization").value_or("-")));
  });
  ::setenv("NETRC", file.c_str(), 1);
  const ClientSession trusting({.trust_env = true});
  ::unsetenv("NETRC");
  auto response = co_await trusting.get(server.url("/"));
  EXPECT_EQ(co_await response.text(), "Basic ZnJlZDpwYXNz");
  const ClientSession other;
  auto unknown = co_await other.get(server.url("/"));
  EXPECT_EQ(co_await unknown.text(), "-");
}

TEST_P(SessionDefaultsTest, TheNetrcFileIsReadWhereTheEnvironmentIsTrusted) {
  const rondo::test::TemporaryDirectory directory;
  const std::string file =
      directory.write("netrc", "machine 127.0.0.1 login fred password pass\n").string();
  run(with_task_group([&](TaskGroup& group) { return ask_with_netrc(group, file); }));
}

Task<> make_wrong_sessions() {
  EXPECT_THROW(ClientSession({.base_url = "nonsense"}), std::invalid_argument);
  EXPECT_THROW(ClientSession({.base_url = "ftp://h/"}), std::invalid_argument);
  EXPECT_THROW(SessionAuth(BasicAuth{"a:b", "c"}), std::invalid_argument);
  co_return;
}

TEST(SessionDefaults, OptionsThatCannotWorkAreRefused) {
  run(make_wrong_sessions());
}

}  // namespace
}  // namespace rondo::http
