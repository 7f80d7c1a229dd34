// Methods, connections that are kept or not, redirects and credentials.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "rondo/http/request_trace.hpp"
#include "rondo/runtime/sleep.hpp"

#include "tests/http/nginx_fixture.hpp"

namespace rondo::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

class ExchangeNginxTest : public NginxTest {
 protected:
  static constexpr std::array kSites{Site::plain, Site::tls_1_2, Site::tls_1_3};
};
RONDO_ON_EACH_BACKEND(ExchangeNginxTest);

Task<> use_methods(SessionOptions options, std::string base) {
  SCOPED_TRACE(base);
  const ClientSession session(std::move(options));
  EXPECT_EQ(co_await text_of(session, base + "/small"), "small");

  auto head = co_await session.head(base + "/files/1000.txt");
  EXPECT_EQ(head.status(), 200);
  EXPECT_EQ(head.content_length(), 1000u);
  EXPECT_EQ(co_await head.text(), "");

  auto form = co_await session.post(base + "/echo", {.form = {{"a", "1 2"}, {"b", "&"}}});
  EXPECT_EQ(co_await form.text(), "POST\napplication/x-www-form-urlencoded\na=1+2&b=%26");
  auto json = co_await session.post(base + "/echo", {.json = R"({"a":1})"});
  EXPECT_EQ(co_await json.text(), "POST\napplication/json\n{\"a\":1}");
}

TEST_P(ExchangeNginxTest, GetsHeadsAndPostsPlainAndWithTls) {
  for (const Site site : kSites) run(use_methods(trusting(), url(site, "")));
}

Task<> upload(SessionOptions options, std::string url) {
  SCOPED_TRACE(url);
  const ClientSession session(std::move(options));
  const std::string body = Nginx::file(3'000'000);
  auto created = co_await session.put(url, {.data = body});
  EXPECT_EQ(created.status(), 201);
  EXPECT_TRUE(co_await text_of(session, url) == body);
  auto deleted = co_await session.delete_(url);
  EXPECT_EQ(deleted.status(), 204);
  auto gone = co_await session.get(url);
  EXPECT_EQ(gone.status(), 404);
}

TEST_P(ExchangeNginxTest, UploadsByteForByte) {
  for (const Site site : kSites) run(upload(trusting(), url(site, "/files/uploaded.txt")));
}

/// Counts the connections that requests came over.
class ConnectionCount final : public RequestTrace {
 public:
  void on_connection(std::string_view, bool is_reused, const Timings&) override {
    ++(is_reused ? reused : fresh);
  }
  void on_replay(std::string_view) override { ++replays; }

  int fresh = 0;
  int reused = 0;
  int replays = 0;
};

/// What TLS was agreed on for each hop.
class TlsNotes final : public RequestTrace {
 public:
  void on_tls(const tls::TlsInfo& info) override {
    const auto certificate = info.peer_certificate();
    notes.push_back(info.version + " " + (certificate ? certificate->subject : "no certificate"));
  }

  std::vector<std::string> notes;
};

Task<> get_traced(SessionOptions options, std::string url, TlsNotes& trace) {
  const ClientSession session(std::move(options));
  static_cast<void>(co_await (co_await session.get(url, {.trace = &trace})).read());
}

TEST_P(ExchangeNginxTest, TellsTheTraceOfTls) {
  TlsNotes trace;
  run(get_traced(trusting(), url(Site::plain, "/small"), trace));
  EXPECT_TRUE(trace.notes.empty());
  run(get_traced(trusting(), url(Site::tls_1_2, "/small"), trace));
  run(get_traced(trusting(), url(Site::tls_1_3, "/small"), trace));
  ASSERT_EQ(trace.notes.size(), 2U);
  EXPECT_THAT(trace.notes[0], StartsWith("TLSv1.2 CN="));
  EXPECT_THAT(trace.notes[1], StartsWith("TLSv1.3 CN="));
}

Task<> get_five_times(SessionOptions options, std::string url, ConnectionCount& count) {
  const ClientSession session(std::move(options));
  for (int i = 0; i < 5; ++i) {
    auto response = co_await session.get(url, {.trace = &count});
    EXPECT_EQ(response.attempts(), 1u);
    EXPECT_EQ(session.active_connections(), 1u);
    EXPECT_EQ(co_await response.read(), "small");
    EXPECT_EQ(session.active_connections(), 0u);
  }
}

TEST_P(ExchangeNginxTest, KeepsItsConnection) {
  for (const Site site : kSites) {
    ConnectionCount count;
    run(get_five_times(trusting(), url(site, "/small"), count));
    EXPECT_EQ(count.fresh, 1);
    EXPECT_EQ(count.reused, 4);
  }
}

TEST_P(ExchangeNginxTest, ConnectsAnewToAServerThatClosesAfterEachAnswer) {
  ConnectionCount count;
  run(get_five_times({}, url(Site::no_keep_alive, "/small"), count));
  EXPECT_EQ(count.fresh, 5);
  EXPECT_EQ(count.replays, 0);
}

/// Returns when nginx has no connection but the one that asks.
Task<> wait_until_alone(std::string url) {
  const ClientSession session;
  while (true) {
    const std::string status = co_await text_of(session, url);
    if (status.starts_with("Active connections: 1 ")) co_return;
    co_await sleep(5ms);
  }
}

Task<> outlive_idle_connection(std::string base, std::string count_url, ConnectionCount& count) {
  const ClientSession session;
  EXPECT_EQ(co_await text_of(session, base + "/small"), "small");
  EXPECT_EQ(session.idle_connections(), 1u);
  co_await wait_until_alone(count_url);
  auto response = co_await session.get(base + "/small", {.trace = &count});
  EXPECT_EQ(co_await response.text(), "small");
  EXPECT_EQ(session.idle_connections(), 1u);
}

TEST_P(ExchangeNginxTest, NoticesThatTheServerHasClosedAnIdleConnection) {
  const Nginx alone;
  ConnectionCount count;
  run(outlive_idle_connection(alone.url(Site::short_keep_alive, ""),
                              alone.url(Site::plain, "/connections"), count));
  EXPECT_EQ(count.fresh, 1);
  EXPECT_EQ(count.reused, 0);
}

Task<> follow(std::string base) {
  const ClientSession session;
  auto response = co_await session.get(base + "/redirect");
  EXPECT_EQ(co_await response.text(), Nginx::file(1000));
  EXPECT_EQ(response.url().href(), base + "/files/1000.txt");
  EXPECT_EQ(response.history().size(), 1u);
  if (response.history().size() == 1) {
    EXPECT_EQ(response.history()[0].status, 302);
    EXPECT_EQ(response.history()[0].url.href(), base + "/redirect");
  }
  auto post = co_await session.post(base + "/redirect/307", {.data = "body"});
  EXPECT_THAT(co_await post.text(), StartsWith("POST\n"));
  auto form = co_await session.post(base + "/redirect/307", {.form = {{"a", "b"}}});
  EXPECT_THAT(co_await form.text(), HasSubstr("\na=b"));
  auto unfollowed = co_await session.get(base + "/redirect", {.allow_redirects = false});
  EXPECT_EQ(unfollowed.status(), 302);
}

TEST_P(ExchangeNginxTest, FollowsRedirects) {
  run(follow(plain("")));
}

Task<> follow_forever(std::string url) {
  const ClientSession session;
  const std::string text =
      co_await RONDO_FAILURE_OF(TooManyRedirects, session.get(url, {.max_redirects = 3}));
  EXPECT_THAT(text, HasSubstr("too many redirects"));
  EXPECT_EQ(session.active_connections(), 0u);
}

TEST_P(ExchangeNginxTest, EndsALoopOfRedirects) {
  run(follow_forever(plain("/redirect/loop")));
}

Task<> leave_origin(std::string base) {
  const ClientSession session;
  auto stays = co_await session.get(
      base + "/seen", {.headers = {{"Authorization", "Basic eDp5"}, {"X-Test", "here"}}});
  EXPECT_THAT(co_await stays.text(), StartsWith("Basic eDp5\n"));
  auto leaves = co_await session.get(
      base + "/redirect/away", {.headers = {{"Authorization", "Basic eDp5"}, {"X-Test", "here"}}});
  const std::string seen = co_await leaves.text();
  EXPECT_THAT(seen, StartsWith("\n")) << "credentials went to another origin";
  EXPECT_THAT(seen, HasSubstr("\nhere"));
}

TEST_P(ExchangeNginxTest, SendsNoCredentialsToAnotherOrigin) {
  run(leave_origin(plain("")));
}

Task<> authenticate(std::string address) {
  const ClientSession session;
  auto without = co_await session.get("http://" + address + "/secret");
  EXPECT_EQ(without.status(), 401);
  EXPECT_EQ(without.headers().get("WWW-Authenticate"), "Basic realm=\"the vault\"");
  auto by_url = co_await session.get("http://user:pass%20word@" + address + "/secret");
  EXPECT_EQ(co_await by_url.text(), "secret of user");
  auto by_header =
      co_await session.get("http://" + address + "/secret",
                           {.headers = {{"Authorization", "Basic dXNlcjpwYXNzIHdvcmQ="}}});
  EXPECT_EQ(co_await by_header.text(), "secret of user");
  auto wrong = co_await session.get("http://user:wrong@" + address + "/secret");
  EXPECT_EQ(wrong.status(), 401);
}

TEST_P(ExchangeNginxTest, AuthenticatesByUrlAndByHeader) {
  run(authenticate("127.0.0.1:" + std::to_string(nginx().port(Site::plain))));
}

Task<> raise(std::string base) {
  const ClientSession session;
  auto missing = co_await session.get(base + "/status/404");
  EXPECT_FALSE(missing.ok());
  EXPECT_EQ(co_await missing.text(), "nothing here");
  try {
    missing.raise_for_status();
    ADD_FAILURE() << "404 is no error";
  } catch (const ClientResponseError& error) {
    EXPECT_EQ(error.status(), 404);
    EXPECT_THAT(error.what(), HasSubstr("404"));
  }
  auto empty = co_await session.get(base + "/status/204");
  EXPECT_EQ(co_await empty.read(), "");
  empty.raise_for_status();
  auto broken = co_await session.get(base + "/status/500");
  EXPECT_EQ(co_await broken.text(), "out of order");
  EXPECT_EQ(session.idle_connections(), 1u) << "an error status ends no connection";
}

TEST_P(ExchangeNginxTest, GivesErrorStatusesAsAnswers) {
  run(raise(plain("")));
}

}  // namespace
}  // namespace rondo::http
