#include "rondo/proto/cookie_jar.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;

constexpr CookieJar::TimePoint kNow = std::chrono::sys_days{2024y / 6 / 1};

Url url(std::string_view text) {
  return Url::parse(text).value();
}

class CookieJarTest : public ::testing::Test {
 protected:
  std::optional<CookieRefusal> store(std::string_view from, std::string_view set_cookie) {
    return jar_.store(url(from), set_cookie, now_);
  }
  std::string sent_to(std::string_view to) { return jar_.header_for(url(to), now_); }

  CookieJar jar_;
  CookieJar::TimePoint now_ = kNow;
};

// The conversation of RFC 6265 §3.1.
TEST_F(CookieJarTest, HoldsTheConversationOfTheRfc) {
  store("https://www.example.com/", "SID=31d4d96e407aad42");
  EXPECT_EQ(sent_to("https://www.example.com/any/path"), "SID=31d4d96e407aad42");
  EXPECT_EQ(sent_to("https://example.com/"), "");
  EXPECT_EQ(sent_to("https://a.www.example.com/"), "");

  store("https://www.example.com/", "SID=31d4d96e407aad42; Path=/; Domain=example.com");
  EXPECT_EQ(sent_to("https://mail.example.com/"), "SID=31d4d96e407aad42");

  jar_.clear();
  store("https://example.com/", "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly");
  store("https://example.com/", "lang=en-US; Path=/; Domain=example.com");
  EXPECT_EQ(sent_to("https://example.com/"), "SID=31d4d96e407aad42; lang=en-US");
  EXPECT_EQ(sent_to("http://example.com/"), "lang=en-US");

  store("https://example.com/",
        "lang=; Domain=example.com; Path=/; Expires=Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(sent_to("https://example.com/"), "SID=31d4d96e407aad42");
}

TEST_F(CookieJarTest, SendsToTheHostsThatTheDomainCovers) {
  store("http://a.example.com/", "host=1");
  store("http://a.example.com/", "shared=2; Domain=.EXAMPLE.com");
  EXPECT_EQ(sent_to("http://a.example.com/"), "host=1; shared=2");
  EXPECT_EQ(sent_to("http://example.com/"), "shared=2");
  EXPECT_EQ(sent_to("http://b.c.example.com:8080/"), "shared=2");
  EXPECT_EQ(sent_to("http://badexample.com/"), "");
  EXPECT_EQ(sent_to("http://A.EXAMPLE.COM/"), "host=1; shared=2");
}

TEST_F(CookieJarTest, RefusesDomainsThatTheHostDoesNotBelongTo) {
  for (const std::string_view domain :
       {"other.com", "a.example.com", "ample.com", "example.com.", "ex\xc3\xa4mple.com"}) {
    EXPECT_EQ(store("http://example.com/", "a=b; Domain=" + std::string(domain)),
              CookieRefusal::foreign_domain)
        << domain;
  }
  EXPECT_TRUE(jar_.empty());
}

TEST_F(CookieJarTest, RefusesPublicSuffixes) {
  EXPECT_EQ(store("http://example.com/", "a=b; Domain=com"), CookieRefusal::public_suffix);
  EXPECT_EQ(store("http://a.co.uk/", "a=b; Domain=co.uk"), CookieRefusal::public_suffix);
  EXPECT_EQ(store("http://me.github.io/", "a=b; Domain=github.io"), CookieRefusal::public_suffix);
  EXPECT_EQ(store("http://wiki.intranet/", "a=b; Domain=intranet"), CookieRefusal::public_suffix);
}

TEST_F(CookieJarTest, KeepsACookieThatAPublicSuffixSetsForItselfToThatHost) {
  EXPECT_EQ(store("http://github.io/", "a=b; Domain=github.io"), std::nullopt);
  EXPECT_EQ(sent_to("http://github.io/"), "a=b");
  EXPECT_EQ(sent_to("http://me.github.io/"), "");
}

TEST_F(CookieJarTest, KeepsCookiesOfAddressesAndSingleLabelsToThatHost) {
  for (const std::string_view host : {"localhost", "127.0.0.1", "[::1]"}) {
    const std::string origin = "http://" + std::string(host) + "/";
    EXPECT_EQ(store(origin, "a=1"), std::nullopt) << host;
    EXPECT_EQ(store(origin, "b=2; Domain=" + std::string(host)), std::nullopt) << host;
    EXPECT_EQ(sent_to(origin), "a=1; b=2") << host;
    EXPECT_EQ(sent_to("http://" + std::string(host) + ":81/"), "a=1; b=2") << host;
  }
  for (const Cookie& cookie : jar_.cookies(now_)) EXPECT_TRUE(cookie.host_only) << cookie.domain;
  EXPECT_EQ(sent_to("http://a.localhost/"), "");
  EXPECT_EQ(store("http://127.0.0.1/", "c=3; Domain=0.0.1"), CookieRefusal::foreign_domain);
  EXPECT_EQ(store("http://127.0.0.1/", "c=3; Domain=1"), CookieRefusal::foreign_domain);
}

TEST_F(CookieJarTest, SendsToThePathsBelow) {
  store("http://x.test/docs/page", "folder=1");
  store("http://x.test/docs/page", "explicit=2; Path=/docs/web");
  store("http://x.test/docs/page", "all=3; Path=/");
  store("http://x.test/docs/page", "odd=4; Path=relative");
  EXPECT_EQ(sent_to("http://x.test/docs/web/a?b"), "explicit=2; folder=1; odd=4; all=3");
  EXPECT_EQ(sent_to("http://x.test/docs"), "folder=1; odd=4; all=3");
  EXPECT_EQ(sent_to("http://x.test/docs2"), "all=3");
}

TEST_F(CookieJarTest, SendsLongerPathsFirstAndThenOlderCookies) {
  store("http://x.test/a/b/c", "second=1; Path=/a");
  store("http://x.test/a/b/c", "third=1; Path=/a");
  store("http://x.test/a/b/c", "last=1; Path=/");
  store("http://x.test/a/b/c", "first=1; Path=/a/b");
  EXPECT_EQ(sent_to("http://x.test/a/b/c"), "first=1; second=1; third=1; last=1");
  // A new value does not make a cookie younger (RFC 6265 §5.3, step 11).
  store("http://x.test/a/b/c", "second=2; Path=/a");
  EXPECT_EQ(sent_to("http://x.test/a/b/c"), "first=1; second=2; third=1; last=1");
}

TEST_F(CookieJarTest, ReplacesACookieOfTheSameNameDomainAndPath) {
  store("http://a.x.test/", "id=1");
  store("http://a.x.test/", "id=2");
  store("http://a.x.test/", "id=3; Path=/p");
  store("http://a.x.test/", "id=4; Domain=x.test");
  store("http://a.x.test/", "ID=5");
  EXPECT_EQ(jar_.size(), 4U);
  EXPECT_EQ(sent_to("http://a.x.test/p"), "id=3; id=2; id=4; ID=5");
}

TEST_F(CookieJarTest, SendsNamelessCookiesAsTheirValue) {
  store("http://x.test/", "token");
  store("http://x.test/", "=other; Path=/p");
  store("http://x.test/", "empty=");
  EXPECT_EQ(sent_to("http://x.test/p"), "other; token; empty=");
}

TEST_F(CookieJarTest, ForgetsWhatHasExpired) {
  store("http://x.test/", "short=1; Max-Age=10");
  store("http://x.test/", "session=2");
  now_ += 9s;
  EXPECT_EQ(sent_to("http://x.test/"), "short=1; session=2");
  now_ += 1s;
  EXPECT_EQ(sent_to("http://x.test/"), "session=2");
  EXPECT_EQ(jar_.cookies(now_).size(), 1U);
  jar_.remove_expired(now_);
  EXPECT_EQ(jar_.size(), 1U);
}

TEST_F(CookieJarTest, RemovesACookieThatIsSetWithAnAgeOfZero) {
  store("http://x.test/", "a=1");
  store("http://x.test/", "b=2");
  EXPECT_EQ(store("http://x.test/", "a=; Max-Age=0"), std::nullopt);
  EXPECT_EQ(store("http://x.test/", "never=; Max-Age=0"), std::nullopt);
  EXPECT_EQ(sent_to("http://x.test/"), "b=2");
  EXPECT_EQ(jar_.size(), 1U);
}

TEST_F(CookieJarTest, TakesAndSendsSecureCookiesOverSecureSchemesOnly) {
  EXPECT_EQ(store("http://x.test/", "a=1; Secure"), CookieRefusal::insecure_origin);
  EXPECT_EQ(store("http://127.0.0.1/", "a=1; Secure"), CookieRefusal::insecure_origin);
  EXPECT_EQ(store("https://x.test/", "a=1; Secure"), std::nullopt);
  EXPECT_EQ(sent_to("http://x.test/"), "");
  EXPECT_EQ(sent_to("https://x.test/"), "a=1");
  EXPECT_EQ(sent_to("wss://x.test/"), "a=1");
}

TEST(CookieJarOptions, CanTrustLoopback) {
  CookieJar jar({.trust_loopback = true});
  for (const std::string_view origin :
       {"http://localhost/", "http://a.localhost/", "http://127.9.9.9/", "http://[::1]/"}) {
    EXPECT_EQ(jar.store(url(origin), "a=1; Secure", kNow), std::nullopt) << origin;
    EXPECT_EQ(jar.header_for(url(origin), kNow), "a=1") << origin;
  }
  for (const std::string_view origin : {"http://x.test/", "http://localhost.test/", "http://[::2]/",
                                        "http://127.0.0.1.test/", "http://128.0.0.1/"}) {
    EXPECT_EQ(jar.store(url(origin), "a=1; Secure", kNow), CookieRefusal::insecure_origin)
        << origin;
  }
}

TEST_F(CookieJarTest, LeavesSecureCookiesAlone) {
  store("https://a.x.test/login", "id=good; Secure; Path=/login");
  // From the host itself, from above and from below.
  EXPECT_EQ(store("http://a.x.test/", "id=evil; Path=/login"), CookieRefusal::hides_secure_cookie);
  EXPECT_EQ(store("http://a.x.test/", "id=evil; Path=/login/en"),
            CookieRefusal::hides_secure_cookie);
  EXPECT_EQ(store("http://a.x.test/", "id=evil; Path=/login; Domain=x.test"),
            CookieRefusal::hides_secure_cookie);
  EXPECT_EQ(store("http://b.a.x.test/", "id=evil; Path=/login"),
            CookieRefusal::hides_secure_cookie);
  EXPECT_EQ(store("http://a.x.test/", "id=; Max-Age=0; Path=/login"),
            CookieRefusal::hides_secure_cookie);
  EXPECT_EQ(sent_to("https://a.x.test/login"), "id=good");
  // These hide nothing.
  EXPECT_EQ(store("http://a.x.test/", "id=1; Path=/"), std::nullopt);
  EXPECT_EQ(store("http://a.x.test/", "id=2; Path=/logins"), std::nullopt);
  EXPECT_EQ(store("http://b.x.test/", "id=3; Path=/login"), std::nullopt);
  EXPECT_EQ(store("http://a.x.test/", "other=4; Path=/login"), std::nullopt);
  EXPECT_EQ(store("https://a.x.test/", "id=5; Path=/login"), std::nullopt);
}

TEST_F(CookieJarTest, HoldsPrefixesToTheirPromise) {
  struct Case {
    std::string_view set_cookie;
    bool taken;
  };
  const Case cases[] = {
      {"__Secure-a=1; Secure", true},
      {"__Secure-b=1", false},
      {"__secure-c=1", false},
      {"__Secure-d=1; Secure; Domain=example.com; Path=/x", true},
      {"__Host-a=1; Secure; Path=/", true},
      {"__Host-b=1; Secure", false},
      {"__Host-c=1; Path=/", false},
      {"__Host-d=1; Secure; Path=/x", false},
      {"__Host-e=1; Secure; Path=/; Domain=example.com", false},
      {"__HOST-f=1; Secure; Path=/x", false},
      {"=__Host-g=1; Secure; Path=/", false},
      {"__Secure-h; Secure", false},
      {"__Hosta=1", true},
      {"x__Host-i=1", true},
  };
  for (const Case& each : cases) {
    const auto refusal = store("https://example.com/", each.set_cookie);
    EXPECT_EQ(refusal, each.taken ? std::nullopt : std::optional(CookieRefusal::broken_prefix))
        << each.set_cookie;
  }
  EXPECT_EQ(store("http://example.com/", "__Secure-z=1; Secure"), CookieRefusal::insecure_origin);
}

TEST_F(CookieJarTest, HandsRefusalsOfTheParserOn) {
  EXPECT_EQ(store("http://x.test/", ""), CookieRefusal::empty);
  EXPECT_EQ(store("http://x.test/", std::string(5000, 'a')), CookieRefusal::too_long);
}

TEST_F(CookieJarTest, TakesCookiesFromTheUser) {
  const auto add = [&](Cookie cookie) { return jar_.add(std::move(cookie), now_); };
  EXPECT_EQ(add({.name = "a", .value = "1", .domain = ".X.Test", .path = "", .host_only = false}),
            std::nullopt);
  EXPECT_EQ(sent_to("http://b.x.test/any"), "a=1");
  EXPECT_EQ(add({.name = "a", .value = "2", .domain = "x.test", .host_only = false}), std::nullopt);
  EXPECT_EQ(sent_to("http://b.x.test/any"), "a=2");
  EXPECT_EQ(add({.name = "a",
                 .domain = "x.test",
                 .expires = std::chrono::sys_seconds{1s},
                 .host_only = false}),
            std::nullopt);
  EXPECT_TRUE(jar_.empty());
}

TEST_F(CookieJarTest, HasNothingAboveAnAddress) {
  jar_.add({.name = "a", .value = "1", .domain = "0.0.1", .host_only = false}, now_);
  EXPECT_EQ(sent_to("http://127.0.0.1/"), "");
}

TEST_F(CookieJarTest, RefusesCookiesOfTheUserThatNoHeaderCanCarry) {
  const auto add = [&](Cookie cookie) { return jar_.add(std::move(cookie), now_); };
  EXPECT_EQ(add({.name = "a", .value = "1"}), CookieRefusal::foreign_domain);
  EXPECT_EQ(add({.domain = "x.test"}), CookieRefusal::empty);
  EXPECT_EQ(add({.name = "a\r\nb", .domain = "x.test"}), CookieRefusal::control_character);
  EXPECT_EQ(add({.name = "a", .value = "\n", .domain = "x.test"}),
            CookieRefusal::control_character);
  EXPECT_EQ(add({.name = "a", .value = std::string(4096, 'v'), .domain = "x.test"}),
            CookieRefusal::too_long);
  EXPECT_EQ(add({.name = "__Secure-a", .domain = "x.test"}), CookieRefusal::broken_prefix);
}

TEST_F(CookieJarTest, ListsItsCookiesInTheOrderInWhichTheyCame) {
  store("https://z.test/p/q", "first=1; Secure; HttpOnly; SameSite=Strict; Max-Age=60");
  store("http://a.test/", "second=2; Domain=a.test");
  const std::vector<Cookie> cookies = jar_.cookies(now_);
  ASSERT_EQ(cookies.size(), 2U);
  const Cookie expected{.name = "first",
                        .value = "1",
                        .domain = "z.test",
                        .path = "/p",
                        .expires = std::chrono::sys_days{2024y / 6 / 1} + 60s,
                        .host_only = true,
                        .secure = true,
                        .http_only = true,
                        .same_site = SameSite::strict};
  EXPECT_EQ(cookies[0], expected);
  EXPECT_EQ(cookies[1].name, "second");
  EXPECT_FALSE(cookies[1].host_only);
}

TEST_F(CookieJarTest, ForgetsADomainWithTheNamesUnderIt) {
  store("http://x.test/", "a=1");
  store("http://b.x.test/", "b=2");
  store("http://yx.test/", "c=3");
  jar_.clear_domain(".X.test");
  EXPECT_EQ(jar_.size(), 1U);
  EXPECT_EQ(sent_to("http://yx.test/"), "c=3");
}

TEST(CookieJarLimits, EvictExpiredCookiesFirst) {
  CookieJar jar({.max_per_domain = 2});
  jar.store(url("http://x.test/"), "used=1", kNow);
  jar.store(url("http://x.test/"), "short=2; Max-Age=1", kNow);
  jar.store(url("http://x.test/"), "new=3", kNow + 1s);
  EXPECT_EQ(jar.header_for(url("http://x.test/"), kNow + 1s), "used=1; new=3");
}

TEST(CookieJarLimits, EvictTheLeastUsedOfACrowdedDomainButSecureOnesLast) {
  CookieJar jar({.max_per_domain = 3});
  const Url origin = url("https://x.test/p/q");
  jar.store(origin, "secure=1; Secure; Path=/s", kNow);
  jar.store(origin, "idle=2; Path=/i", kNow);
  jar.store(origin, "used=3; Path=/", kNow);
  jar.store(url("https://other.test/"), "other=1", kNow);
  EXPECT_EQ(jar.header_for(origin, kNow), "used=3");
  jar.store(origin, "new=4; Path=/", kNow);
  EXPECT_EQ(jar.header_for(url("https://x.test/i"), kNow), "used=3; new=4");
  EXPECT_EQ(jar.header_for(url("https://x.test/s"), kNow), "secure=1; used=3; new=4");
  EXPECT_EQ(jar.header_for(url("https://other.test/"), kNow), "other=1");
  EXPECT_EQ(jar.size(), 4U);
}

TEST(CookieJarLimits, EvictTheLeastUsedOfAllWhenTheJarIsFull) {
  CookieJar jar({.max_total = 3});
  for (const std::string_view host : {"a", "b", "c"}) {
    jar.store(url("http://" + std::string(host) + ".test/"), "x=1", kNow);
  }
  EXPECT_EQ(jar.header_for(url("http://a.test/"), kNow), "x=1");
  jar.store(url("http://d.test/"), "x=1", kNow);
  EXPECT_EQ(jar.size(), 3U);
  EXPECT_EQ(jar.header_for(url("http://b.test/"), kNow), "");
  EXPECT_EQ(jar.header_for(url("http://a.test/"), kNow), "x=1");
}

TEST(CookieJarLimits, HoldAgainstAServerThatSetsCookiesForEver) {
  CookieJar jar({.max_per_domain = 10, .max_total = 25});
  for (int i = 0; i < 500; ++i) {
    const std::string host = "http://h" + std::to_string(i % 7) + ".test/";
    jar.store(url(host), "n" + std::to_string(i) + "=v", kNow);
    ASSERT_LE(jar.size(), 25U);
  }
  EXPECT_EQ(jar.size(), 25U);
}

TEST(CookieRefusal, IsDescribedInDifferentWords) {
  EXPECT_NE(describe(CookieRefusal::foreign_domain), describe(CookieRefusal::public_suffix));
  EXPECT_NE(describe(CookieRefusal::insecure_origin), describe(CookieRefusal::hides_secure_cookie));
  EXPECT_NE(describe(CookieRefusal::empty), describe(CookieRefusal::too_long));
  EXPECT_NE(describe(CookieRefusal::control_character), describe(CookieRefusal::broken_prefix));
}

}  // namespace
}  // namespace rondo::proto
