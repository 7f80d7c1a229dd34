// What becomes of a request before anything is sent.

#include "rondo/http/plan.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rondo/http/errors.hpp"

namespace rondo::http {
namespace {

using proto::HeaderMap;

Hop plan(const Request& request, const HeaderMap& defaults = {}, const HopExtras& extras = {}) {
  Hop hop;
  plan_hop(request, defaults, extras, hop);
  return hop;
}

std::string head_of(std::string_view method, std::string_view url,
                    const RequestOptions& options = {}, const HeaderMap& defaults = {},
                    std::string_view cookies = {}) {
  const Request request = *make_request(method, url, options, {});
  return std::string(plan(request, defaults, {.cookies = cookies}).head);
}

template <class E>
std::string message_of(std::string_view method, std::string_view url,
                       const RequestOptions& options = {}) {
  try {
    static_cast<void>(head_of(method, url, options));
  } catch (const E& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST(Plan, SendsTheSessionsHeadersUnlessTheRequestHasItsOwn) {
  HeaderMap defaults;
  defaults.add("Accept", "*/*");
  defaults.add("X-A", "1");
  EXPECT_EQ(head_of("GET", "http://h/", {}, defaults),
            "GET / HTTP/1.1\r\nHost: h\r\nAccept: */*\r\nX-A: 1\r\n\r\n");
  EXPECT_EQ(
      head_of("GET", "http://h/", {.headers = {{"accept", "text/csv"}, {"B", "2"}}}, defaults),
      "GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\naccept: text/csv\r\nB: 2\r\n\r\n");
}

TEST(Plan, UsesTheUsualHeadOnlyWhereNothingElseIsSaid) {
  HeaderMap defaults;
  defaults.add("Accept", "*/*");
  defaults.add("Connection", "close");
  HeaderMap others;
  others.add("X-Of", "the template");  // so that one can see who has written a head
  proto::RequestHeadTemplate usual_head(others);
  const auto planned = [&](const RequestOptions& options, std::string_view url = "http://h/") {
    const Request request = *make_request("GET", url, options, {});
    return plan(request, defaults, {.usual_head = &usual_head});
  };
  const Hop plain = planned({});
  EXPECT_EQ(plain.head, "GET / HTTP/1.1\r\nHost: h\r\nX-Of: the template\r\n\r\n");
  EXPECT_FALSE(plain.keep_alive);
  EXPECT_EQ(planned({.headers = {{"accept", "text/csv"}}}).head,
            "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\naccept: text/csv\r\n\r\n");
  EXPECT_EQ(planned({.version = HttpVersion::http_1_0}).head,
            "GET / HTTP/1.0\r\nHost: h\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

TEST(Plan, AddsParametersToTheQueryOfTheUrl) {
  EXPECT_EQ(head_of("GET", "http://h:81/p?a=1#f", {.params = {{"q", "x y&z"}}}),
            "GET /p?a=1&q=x+y%26z HTTP/1.1\r\nHost: h:81\r\n\r\n");
}

TEST(Plan, SendsABodyWithItsTypeAndLength) {
  const Request form = *make_request("POST", "http://h/", {.form = {{"a", "b c"}}}, {});
  EXPECT_EQ(*plan(form).body->bytes(), "a=b+c");
  EXPECT_NE(plan(form).head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_EQ(form.headers.get("Content-Type"), "application/x-www-form-urlencoded");
  const Request json = *make_request("POST", "http://h/", {.json = "{}"}, {});
  EXPECT_EQ(json.headers.get("Content-Type"), "application/json");
  const Request data = *make_request("POST", "http://h/", {.data = std::string_view("\0x", 2)}, {});
  EXPECT_EQ(*plan(data).body->bytes(), std::string_view("\0x", 2));
  EXPECT_FALSE(data.headers.contains("Content-Type"));
}

TEST(Plan, LeavesTheTypeOfABodyToWhoeverGivesOne) {
  const Request json =
      *make_request("POST", "http://h/",
                    {.headers = {{"content-type", "application/ld+json"}}, .json = "{}"}, {});
  EXPECT_EQ(json.headers.get_all("Content-Type").size(), 1U);
  EXPECT_EQ(json.headers.get("Content-Type"), "application/ld+json");
}

TEST(Plan, TellsAnEmptyBodyFromNone) {
  EXPECT_NE(head_of("DELETE", "http://h/", {.data = ""}).find("Content-Length: 0"),
            std::string::npos);
  EXPECT_EQ(head_of("DELETE", "http://h/").find("Content-Length"), std::string::npos);
  EXPECT_NE(head_of("POST", "http://h/").find("Content-Length: 0"), std::string::npos);
}

TEST(Plan, RefusesTwoBodies) {
  EXPECT_NE(message_of<InvalidRequest>("POST", "http://h/", {.data = "a", .json = "{}"})
                .find("exclude each other"),
            std::string::npos);
  message_of<InvalidRequest>("POST", "http://h/", {.data = "a", .form = {{"a", "b"}}});
  message_of<InvalidRequest>("POST", "http://h/", {.form = {{"a", "b"}}, .json = "{}"});
}

TEST(Plan, MakesBasicAuthenticationOfTheUrlsCredentials) {
  // base64 of "me:p@ss"
  EXPECT_EQ(head_of("GET", "http://me:p%40ss@h/"),
            "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic bWU6cEBzcw==\r\n\r\n");
  EXPECT_EQ(head_of("GET", "http://me:p@h/", {.headers = {{"authorization", "Bearer x"}}}),
            "GET / HTTP/1.1\r\nHost: h\r\nauthorization: Bearer x\r\n\r\n");
}

TEST(Plan, JoinsTheCookiesOfTheJarWithTheRequestsOwn) {
  EXPECT_EQ(head_of("GET", "http://h/", {.headers = {{"Cookie", "a=1"}}}, {}, "b=2; c=3"),
            "GET / HTTP/1.1\r\nHost: h\r\nCookie: a=1; b=2; c=3\r\n\r\n");
  EXPECT_EQ(head_of("GET", "http://h/", {}, {}, "b=2"),
            "GET / HTTP/1.1\r\nHost: h\r\nCookie: b=2\r\n\r\n");
}

TEST(Plan, RefusesWhatCouldMakeTwoRequestsOfOne) {
  using namespace std::string_view_literals;
  for (const auto bad : {"a\r\nX: y"sv, "a\nb"sv, "a\0b"sv, "a\rb"sv}) {
    message_of<InvalidRequest>("GET", "http://h/", {.headers = {{"X", bad}}});
    message_of<InvalidRequest>("GET", "http://h/", {.headers = {{bad, "x"}}});
    message_of<InvalidRequest>(bad, "http://h/");
  }
  message_of<InvalidRequest>("", "http://h/");
  message_of<InvalidRequest>("G T", "http://h/");
  message_of<InvalidRequest>("GET", "http://h/", {.headers = {{"Host", "a"}, {"Host", "b"}}});
  message_of<InvalidRequest>("POST", "http://h/",
                             {.headers = {{"Content-Length", "9"}}, .data = "x"});
  message_of<InvalidRequest>("POST", "http://h/",
                             {.headers = {{"Transfer-Encoding", "chunked"}}, .data = "x"});
}

TEST(Plan, NeverSendsALineEndOfTheUrlOrItsParameters) {
  EXPECT_EQ(head_of("GET", "http://h/a\r\nb", {.params = {{"q", "1\r\n2"}}}),
            "GET /ab?q=1%0D%0A2 HTTP/1.1\r\nHost: h\r\n\r\n");
}

TEST(Plan, RefusesUrlsThatAreNoneAndThoseThatAreNotHttp) {
  message_of<InvalidURL>("GET", "");
  message_of<InvalidURL>("GET", "/relative");
  message_of<InvalidURL>("GET", "http://");
  message_of<NonHttpUrlError>("GET", "ftp://h/");
  message_of<NonHttpUrlError>("GET", "file:///etc/passwd");
}

TEST(Plan, NeverShowsCredentialsInAnError) {
  const RequestOptions bad{.headers = {{"X", "hidden\n"}}};
  const std::string messages[] = {
      message_of<InvalidRequest>("GET", "http://user:hidden@h/", bad),
      message_of<NonHttpUrlError>("GET", "ftp://user:hidden@h/"),
      message_of<InvalidURL>("GET", "http://user:hidden@h:99999/"),
      message_of<InvalidRequest>("GET", "http://us%3Aer:hidden@h/"),
  };
  for (const std::string& message : messages) {
    EXPECT_EQ(message.find("hidden"), std::string::npos) << message;
    EXPECT_FALSE(message.empty());
  }
}

TEST(Plan, TellsAHopThatWantsToClose) {
  const Request request =
      *make_request("GET", "http://h/", {.headers = {{"Connection", "Close"}}}, {});
  EXPECT_FALSE(plan(request).keep_alive);
}

}  // namespace
}  // namespace rondo::http
