// Redirects, and the cookies and credentials that go or stay on the way.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <vector>

#include "rondo/runtime/sleep.hpp"

#include "tests/http/exchange_fixture.hpp"

namespace rondo::http {
namespace {

using test::Core;
using test::Reaction;
using test::Received;
using namespace std::chrono_literals;

class ExchangeRedirectTest : public test::ExchangeSuite {
 protected:
  /// A server that sends /old to `location` and says "here" elsewhere.
  static test::Behaviour redirects(int status, std::string location) {
    return redirects_as(test::redirect(status, location));
  }

  /// The same with all of what it says for /old.
  static test::Behaviour redirects_as(std::string answer) {
    return [answer](const Received& request) {
      return Reaction{.bytes = request.has(" /old ") ? answer : test::ok("here")};
    };
  }
};
RONDO_ON_EACH_BACKEND(ExchangeRedirectTest);

/// Holds every redirect back for a second.
class Delay final : public RequestTrace {
 public:
  explicit Delay(const std::vector<Received>& requests) : requests_(requests) {}

  Task<> before_redirect() override {
    co_await sleep(std::chrono::seconds(1));
    sent_before.push_back(requests_.size());
  }

  std::vector<std::size_t> sent_before;

 private:
  const std::vector<Received>& requests_;
};

TEST_P(ExchangeRedirectTest, WaitsForTheTraceBeforeItIsFollowed) {
  session(redirects(302, "/new"), [&](Core core) -> Task<> {
    Delay delay(requests());
    auto response = co_await test::request(core, "GET", "http://h/old", {.trace = &delay});
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(delay.sent_before, std::vector<std::size_t>({1}));
    co_await response.read();
  });
  EXPECT_EQ(requests().size(), 2U);
}

struct RedirectCase {
  int status;
  std::string_view method;
  std::string_view next;
  bool keeps_body;
};

TEST_P(ExchangeRedirectTest, ChangesMethodAndBodyAsTheStatusSays) {
  constexpr RedirectCase kCases[] = {{301, "POST", "GET", false}, {302, "POST", "GET", false},
                                     {303, "POST", "GET", false}, {307, "POST", "POST", true},
                                     {308, "POST", "POST", true}, {301, "PUT", "PUT", true},
                                     {303, "PUT", "GET", false},  {303, "HEAD", "HEAD", false}};
  for (const RedirectCase& one : kCases) {
    log_ = {};
    const bool has_body = one.method != "HEAD";
    session(redirects(one.status, "/new"), [&](Core core) -> Task<> {
      RequestOptions options;
      if (has_body) options.json = "{}";
      auto response = co_await test::request(core, one.method, "http://h/old", options);
      EXPECT_EQ(response.status(), 200);
      EXPECT_EQ(response.method(), one.next);
      co_await response.read();
    });
    const Received& last = requests().back();
    EXPECT_TRUE(last.text.starts_with(std::string(one.next) + " /new ")) << last.text;
    EXPECT_EQ(last.has("\r\n\r\n{}"), one.keeps_body) << one.status << one.method;
    EXPECT_EQ(last.has("Content-Type"), one.keeps_body) << one.status << one.method;
  }
}

TEST_P(ExchangeRedirectTest, GoesOverTheSameConnectionAndIsRemembered) {
  session(redirects(302, "new?a=b#f"), [&](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/old");
    EXPECT_EQ(response.url().href(), "http://h/new?a=b#f");
    EXPECT_EQ(response.history().size(), 1U);
    EXPECT_EQ(response.history().at(0).status, 302);
    EXPECT_EQ(response.history().at(0).url.href(), "http://h/old");
    EXPECT_EQ(response.history().at(0).headers.get("Location"), "new?a=b#f");
    co_await response.read();
  });
  EXPECT_EQ(log_.connections, 1);
}

TEST_P(ExchangeRedirectTest, TellsTheTimesOfEachHop) {
  const auto slow = [](const Received& request) {
    if (request.has(" /old ")) return Reaction{.bytes = test::redirect(302, "/new"), .delay = 1s};
    return Reaction{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhe",
                    .delay = 2s,
                    .late = "re",
                    .late_delay = 3s};
  };
  session(slow, [](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/old");
    EXPECT_EQ(co_await response.read(), "here");
    EXPECT_EQ(response.history().at(0).timings.wait, 1s);
    EXPECT_EQ(response.timings().wait, 2s);
    EXPECT_EQ(response.timings().receive, 3s);
    EXPECT_EQ(response.timings().total(), 5s);
  });
}

TEST_P(ExchangeRedirectTest, WithoutALocationIsAnAnswerLikeAnyOther) {
  session("HTTP/1.1 302 Found\r\nContent-Length: 1\r\n\r\nx", [](Core core) -> Task<> {
    auto response = co_await test::request(core, "GET", "http://h/");
    EXPECT_EQ(response.status(), 302);
    EXPECT_EQ(co_await response.read(), "x");
  });
}

TEST_P(ExchangeRedirectTest, IsNotFollowedWhenTheCallerDoesNotWantIt) {
  session(redirects(302, "/new"), [](Core core) -> Task<> {
    const RequestOptions options{.allow_redirects = false};
    const auto response = co_await test::request(core, "GET", "http://h/old", options);
    EXPECT_EQ(response.status(), 302);
  });
  EXPECT_EQ(requests().size(), 1U);
}

TEST_P(ExchangeRedirectTest, EndsALoopWithTheAnswerThatWasOneTooMany) {
  session(redirects(302, "/old"), [](Core core) -> Task<> {
    const RequestOptions options{.max_redirects = 3};
    const auto error = co_await test::failure_of<TooManyRedirects>(
        test::request(core, "GET", "http://h/old", options));
    EXPECT_EQ(error.status(), 302);
    EXPECT_EQ(error.headers().get("Location"), "/old");
    EXPECT_EQ(error.url(), "http://h/old");
    EXPECT_STREQ(error.what(), "too many redirects (limit 3) (http://h/old)");
  });
  EXPECT_EQ(requests().size(), 4U);
}

TEST_P(ExchangeRedirectTest, GoesNowhereWhenItSaysTwoThings) {
  const std::string twice = "HTTP/1.1 302 F\r\nLocation: /new\r\nLocation: ";
  const std::string end = "\r\nContent-Length: 0\r\n\r\n";
  session(redirects_as(twice + "//evil.test/" + end), [](Core core) -> Task<> {
    co_await test::failure_of<InvalidUrlRedirectError>(test::request(core, "GET", "http://h/old"));
    EXPECT_EQ(co_await test::fetch(core, "http://h/new"), "here");
  });
  session(redirects_as(twice + "/new" + end), [](Core core) -> Task<> {
    EXPECT_EQ(co_await test::fetch(core, "http://h/old"), "here") << "it is the same twice";
  });
}

TEST_P(ExchangeRedirectTest, DoesNotLeaveHttp) {
  for (const char* location : {"file:///etc/passwd", "ftp://h/", "javascript:alert(1)"}) {
    session(redirects(302, location), [](Core core) -> Task<> {
      co_await test::failure_of<NonHttpUrlRedirectError>(
          test::request(core, "GET", "http://h/old"));
    });
  }
  session(redirects(302, "http://[bad/"), [](Core core) -> Task<> {
    co_await test::failure_of<InvalidUrlRedirectError>(test::request(core, "GET", "http://h/old"));
  });
}

TEST_P(ExchangeRedirectTest, TakesCredentialsAlongWithinTheOrigin) {
  for (const char* location : {"/new", "http://h/new"}) {
    log_ = {};
    session(redirects(307, location), [](Core core) -> Task<> {
      co_await test::fetch(core, "http://me:secret@h/old");
      core->headers.set("Authorization", "Default x");
      core->headers.set("X-Other", "y");
      co_await test::fetch(core, "http://h/old");
      const RequestOptions own{.headers = {{"Authorization", "Own z"}, {"Cookie", "c=1"}}};
      auto response = co_await test::request(core, "GET", "http://h/old", own);
      co_await response.read();
    });
    EXPECT_TRUE(requests()[1].has("Authorization: Basic bWU6c2VjcmV0\r\n")) << location;
    EXPECT_TRUE(requests()[3].has("Authorization: Default x\r\n")) << location;
    EXPECT_TRUE(requests()[5].has("Authorization: Own z\r\n")) << location;
    EXPECT_TRUE(requests()[5].has("Cookie: c=1\r\n")) << location;
  }
}

TEST_P(ExchangeRedirectTest, LeavesCredentialsBehindWithTheOrigin) {
  for (const char* location : {"http://other/new", "https://h/new", "http://h:81/new", "//g/new"}) {
    log_ = {};
    session(redirects(307, location), [](Core core) -> Task<> {
      co_await test::fetch(core, "http://me:secret@h/old");
      core->headers.set("Authorization", "Default x");
      core->headers.set("X-Other", "y");
      co_await test::fetch(core, "http://h/old");
      const RequestOptions own{.headers = {{"Authorization", "Own z"}, {"Cookie", "c=1"}}};
      auto response = co_await test::request(core, "GET", "http://h/old", own);
      co_await response.read();
    });
    for (const std::size_t hop : {1U, 3U, 5U}) {
      EXPECT_FALSE(requests()[hop].has("Authorization")) << requests()[hop].text;
      EXPECT_FALSE(requests()[hop].has("Cookie")) << requests()[hop].text;
    }
    EXPECT_TRUE(requests()[3].has("X-Other: y\r\n"));
    EXPECT_TRUE(requests()[2].has("Authorization: Default x\r\n")) << "of the next request";
  }
}

TEST_P(ExchangeRedirectTest, DoesNotGetCredentialsBackOnTheWayHome) {
  const test::Behaviour there_and_back = [](const Received& request) {
    if (request.has("Host: other")) return Reaction{.bytes = test::redirect(302, "http://h/end")};
    if (request.has(" /old ")) return Reaction{.bytes = test::redirect(302, "http://other/")};
    return Reaction{.bytes = test::ok("here")};
  };
  session(there_and_back, [](Core core) -> Task<> {
    core->headers.set("Authorization", "Default x");
    co_await test::fetch(core, "http://h/old");
  });
  EXPECT_TRUE(requests().at(0).has("Authorization"));
  EXPECT_FALSE(requests().at(2).has("Authorization"));
}

TEST_P(ExchangeRedirectTest, KeepsCookiesThatAreSetOnTheWay) {
  const test::Behaviour server = [](const Received& request) {
    if (!request.has(" /old ")) return Reaction{.bytes = test::ok("")};
    std::string answer = test::redirect(302, "/new");
    answer.insert(answer.size() - 2, "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/x\r\n");
    return Reaction{.bytes = answer};
  };
  session(server, [](Core core) -> Task<> {
    co_await test::fetch(core, "http://h.example/old");
    co_await test::fetch(core, "http://g.example/new");
  });
  EXPECT_TRUE(requests().at(1).has("Cookie: a=1\r\n")) << requests().at(1).text;
  EXPECT_FALSE(requests().at(2).has("Cookie"));
}

TEST_P(ExchangeRedirectTest, ClosesAConnectionWhoseRedirectHasALongBody) {
  const test::Behaviour server = [](const Received& request) {
    if (!request.has(" /old ")) return Reaction{.bytes = test::ok("here")};
    return Reaction{.bytes =
                        "HTTP/1.1 302 F\r\nLocation: /new\r\nContent-Length: 9999999\r\n\r\nx"};
  };
  session(server, [](Core core) -> Task<> {
    EXPECT_EQ(co_await test::fetch(core, "http://h/old"), "here");
  });
  EXPECT_EQ(log_.connections, 2);
}

}  // namespace
}  // namespace rondo::http
