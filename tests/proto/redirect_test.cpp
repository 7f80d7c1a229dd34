#include "rondo/proto/redirect.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

Url url(std::string_view text) {
  return Url::parse(text).value();
}

const Url& origin() {
  static const Url kOrigin = url("https://example.com/a/b?q#here");
  return kOrigin;
}

RedirectContext answer(int status, std::string_view method = "GET",
                       std::optional<std::string_view> location = "/next") {
  return {.method = method, .url = origin(), .status = status, .location = location};
}

NextHop hop(const RedirectContext& context) {
  auto result = next_hop(context);
  return result.value().value();
}

NextHop hop_to(std::string_view location) {
  return hop(answer(302, "GET", location));
}

TEST(Redirect, ChangesMethodAndBodyByStatus) {
  struct Case {
    int status;
    std::string_view method;
    std::string_view next_method;
    bool drops_body;
  };
  const Case cases[] = {
      {301, "GET", "GET", false},       {301, "POST", "GET", true},
      {301, "PUT", "PUT", false},       {301, "HEAD", "HEAD", false},
      {302, "GET", "GET", false},       {302, "POST", "GET", true},
      {302, "DELETE", "DELETE", false}, {302, "post", "post", false},
      {303, "GET", "GET", true},        {303, "POST", "GET", true},
      {303, "PUT", "GET", true},        {303, "DELETE", "GET", true},
      {303, "HEAD", "HEAD", true},      {307, "POST", "POST", false},
      {307, "GET", "GET", false},       {308, "POST", "POST", false},
      {308, "PATCH", "PATCH", false},
  };
  for (const Case& each : cases) {
    const NextHop next = hop(answer(each.status, each.method));
    EXPECT_EQ(next.method, each.next_method) << each.status << ' ' << each.method;
    EXPECT_EQ(next.drop_body, each.drops_body) << each.status << ' ' << each.method;
  }
}

TEST(Redirect, TakesOtherStatusesForTheResult) {
  for (const int status : {200, 201, 204, 300, 304, 305, 306, 309, 399, 404, 500}) {
    EXPECT_FALSE(next_hop(answer(status)).value()) << status;
  }
}

TEST(Redirect, TakesAResponseWithoutLocationForTheResult) {
  EXPECT_FALSE(next_hop(answer(302, "GET", std::nullopt)).value());
  EXPECT_FALSE(next_hop(answer(302, "GET", "")).value());
  EXPECT_FALSE(next_hop(answer(302, "GET", " \t")).value());
}

TEST(Redirect, ResolvesLocationAgainstTheUrl) {
  struct Case {
    std::string_view location, href;
  };
  const Case cases[] = {
      {"/next", "https://example.com/next#here"},
      {"c", "https://example.com/a/c#here"},
      {"../c?d", "https://example.com/c?d#here"},
      {"?x", "https://example.com/a/b?x#here"},
      {"//other.test/x", "https://other.test/x#here"},
      {" http://other.test/ ", "http://other.test/#here"},
      {"HTTP://Other.TEST:80", "http://other.test/#here"},
      {"/caf\xc3\xa9", "https://example.com/caf%C3%A9#here"},
      {"/caf\xe9", "https://example.com/caf%C3%A9#here"},
  };
  for (const Case& each : cases) EXPECT_EQ(hop_to(each.location).url.href(), each.href);
}

TEST(Redirect, PrefersTheFragmentOfLocation) {
  EXPECT_EQ(hop_to("/next#there").url.hash(), "#there");
  EXPECT_EQ(hop_to("/next#").url.hash(), "");
  EXPECT_EQ(hop_to("#there").url.href(), "https://example.com/a/b?q#there");
  EXPECT_EQ(hop_to("/next").url.hash(), "#here");
}

TEST(Redirect, RefusesLocationsThatAreNoUrl) {
  for (const std::string_view location :
       {"http://", "https://[::1", "http://a b/", "http://x:99999/"}) {
    EXPECT_EQ(next_hop(answer(302, "GET", location)).error(), RedirectError::invalid_location)
        << location;
  }
}

TEST(Redirect, RefusesLocationsThatDiffer) {
  HeaderMap headers;
  EXPECT_FALSE(has_ambiguous_location(headers));
  headers.add("Location", "/next");
  headers.add("location", "/next");
  EXPECT_FALSE(has_ambiguous_location(headers));
  headers.add("LOCATION", "/evil");
  EXPECT_TRUE(has_ambiguous_location(headers));

  RedirectContext context = answer(302);
  context.has_other_location = true;
  EXPECT_EQ(next_hop(context).error(), RedirectError::ambiguous_location);
  context.limit = 0;
  EXPECT_FALSE(next_hop(context).value()) << "nobody follows it";
}

TEST(Redirect, FollowsHttpAndHttpsOnly) {
  for (const std::string_view location :
       {"ftp://x.test/", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "mailto:a@x.test",
        "ws://x.test/", "gopher://x.test/"}) {
    EXPECT_EQ(next_hop(answer(302, "GET", location)).error(), RedirectError::unfollowable_scheme)
        << location;
  }
}

TEST(Redirect, StripsCredentialsForAnotherOrigin) {
  struct Case {
    std::string_view location;
    bool strips;
  };
  const Case cases[] = {
      {"/next", false},
      {"https://example.com/x", false},
      {"https://EXAMPLE.com:443/x", false},
      {"https://user:pass@example.com/x", false},
      {"http://example.com/x", true},
      {"https://example.com:8443/x", true},
      {"https://www.example.com/x", true},
      {"https://example.com./x", true},
      {"https://example.com.evil.test/", true},
      {"//evil.test", true},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(hop_to(each.location).strip_credentials, each.strips) << each.location;
  }
}

TEST(Redirect, FollowsAsManyAsTheLimitAndNoMore) {
  RedirectContext context = answer(302);
  context.limit = 2;
  context.followed = 1;
  EXPECT_TRUE(next_hop(context).value());
  context.followed = 2;
  EXPECT_EQ(next_hop(context).error(), RedirectError::too_many);
  context.location = "ftp://x.test/";
  EXPECT_EQ(next_hop(context).error(), RedirectError::too_many);
  context.location.reset();
  EXPECT_FALSE(next_hop(context).value());
}

TEST(Redirect, TakesARedirectForTheResultWhenNoneMayBeFollowed) {
  RedirectContext context = answer(302, "GET", "no url: [");
  context.limit = 0;
  EXPECT_FALSE(next_hop(context).value());
}

TEST(Redirect, NeedsTheBodyOnlyWhereItIsSentAgain) {
  for (const int status : {301, 302, 303}) {
    RedirectContext context = answer(status, "POST");
    context.body_replayable = false;
    EXPECT_TRUE(next_hop(context).ok()) << status;
  }
  for (const int status : {307, 308}) {
    RedirectContext context = answer(status, "POST");
    context.body_replayable = false;
    EXPECT_EQ(next_hop(context).error(), RedirectError::body_not_replayable) << status;
  }
}

TEST(Redirect, KnowsTheFieldsOfABody) {
  for (const std::string_view name : {"Content-Type", "content-length", "CONTENT-ENCODING",
                                      "Content-MD5", "Transfer-Encoding", "Trailer", "Expect"}) {
    EXPECT_TRUE(belongs_to_body(name)) << name;
  }
  for (const std::string_view name :
       {"Accept", "Contents", "Content", "", "X-Content-Type", "Host"}) {
    EXPECT_FALSE(belongs_to_body(name)) << name;
  }
}

TEST(Redirect, KnowsTheFieldsOfAnOrigin) {
  for (const std::string_view name : {"Authorization", "cookie", "PROXY-AUTHORIZATION", "Host"}) {
    EXPECT_TRUE(belongs_to_origin(name)) << name;
  }
  for (const std::string_view name : {"Accept", "Cookies", "X-Authorization", ""}) {
    EXPECT_FALSE(belongs_to_origin(name)) << name;
  }
}

TEST(Redirect, DescribesEachErrorDifferently) {
  EXPECT_NE(describe(RedirectError::too_many), describe(RedirectError::invalid_location));
  EXPECT_NE(describe(RedirectError::unfollowable_scheme),
            describe(RedirectError::body_not_replayable));
}

}  // namespace
}  // namespace rondo::proto
