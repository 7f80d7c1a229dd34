#include "rondo/proto/cookie.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds kNoon = sys_days{2024y / 6 / 1} + 12h;

SetCookie parsed(std::string_view field) {
  auto result = parse_set_cookie(field, kNoon);
  EXPECT_TRUE(result) << field;
  return result ? std::move(result).value() : SetCookie();
}

TEST(SetCookie, SplitsNameAndValueAtTheFirstEqualsSign) {
  struct Case {
    std::string_view field, name, value;
  };
  const Case cases[] = {{"a=b", "a", "b"},
                        {"a=b=c", "a", "b=c"},
                        {" a = b ; Path=/", "a", "b"},
                        {"a=", "a", ""},
                        {"=b", "", "b"},
                        {"b", "", "b"},
                        {"a=b; c=d", "a", "b"},
                        {"a=\"b c\"", "a", "\"b c\""},
                        {"a=b,c", "a", "b,c"},
                        {"a=b;", "a", "b"},
                        {"a=\t b\t", "a", "b"},
                        {"a\tb=c\td", "a\tb", "c\td"},
                        {"a=\xc3\xa9", "a", "\xc3\xa9"},
                        {"Secure; Secure", "", "Secure"}};
  for (const Case& each : cases) {
    const SetCookie cookie = parsed(each.field);
    EXPECT_EQ(cookie.name, each.name) << each.field;
    EXPECT_EQ(cookie.value, each.value) << each.field;
  }
}

TEST(SetCookie, ReadsAttributesInAnyCaseAndOrder) {
  const SetCookie cookie = parsed(
      "id=1; SECURE; domain = .Example.COM; path=/docs; hTTPonly; max-age=60; sameSite=LAX; x=y");
  EXPECT_EQ(cookie.domain, "example.com");
  EXPECT_EQ(cookie.path, "/docs");
  EXPECT_EQ(cookie.expires, kNoon + 60s);
  EXPECT_TRUE(cookie.secure);
  EXPECT_TRUE(cookie.http_only);
  EXPECT_EQ(cookie.same_site, SameSite::lax);
}

TEST(SetCookie, HasDefaultsWithoutAttributes) {
  const SetCookie cookie = parsed("id=1");
  EXPECT_EQ(cookie.domain, "");
  EXPECT_EQ(cookie.path, std::nullopt);
  EXPECT_EQ(cookie.expires, std::nullopt);
  EXPECT_FALSE(cookie.secure);
  EXPECT_FALSE(cookie.http_only);
  EXPECT_EQ(cookie.same_site, SameSite::unspecified);
}

TEST(SetCookie, LetsTheLastOfEachAttributeCount) {
  const SetCookie cookie = parsed(
      "a=b; Domain=one.test; Domain=two.test; Path=/one; Path=/two; SameSite=Lax; SameSite=x");
  EXPECT_EQ(cookie.domain, "two.test");
  EXPECT_EQ(cookie.path, "/two");
  EXPECT_EQ(cookie.same_site, SameSite::unspecified);
  EXPECT_EQ(parsed("a=b; Domain=one.test; Domain").domain, "");
  EXPECT_EQ(parsed("a=b; Path=/one; Path=two").path, std::nullopt);
}

TEST(SetCookie, PrefersMaxAgeToExpires) {
  constexpr std::string_view kTomorrow = "Expires=Sun, 02 Jun 2024 12:00:00 GMT";
  EXPECT_EQ(parsed("a=b; " + std::string(kTomorrow)).expires, kNoon + 24h);
  EXPECT_EQ(parsed("a=b; Max-Age=5; " + std::string(kTomorrow)).expires, kNoon + 5s);
  EXPECT_EQ(parsed("a=b; " + std::string(kTomorrow) + "; Max-Age=5").expires, kNoon + 5s);
  EXPECT_EQ(parsed("a=b; Max-Age=x; " + std::string(kTomorrow)).expires, kNoon + 24h);
}

TEST(SetCookie, ReadsMaxAgeAsDigitsAndNothingElse) {
  for (const std::string_view age : {"", "x", "1x", "+1", "1.5", "-", "--1", "- 1"}) {
    EXPECT_EQ(parsed("a=b; Max-Age=" + std::string(age)).expires, std::nullopt) << age;
  }
  for (const std::string_view age : {"0", "-1", "-0", "-99999999999999999999"}) {
    EXPECT_EQ(parsed("a=b; Max-Age=" + std::string(age)).expires, sys_seconds::min()) << age;
  }
}

TEST(SetCookie, LivesNoLongerThanFourHundredDays) {
  for (const std::string_view field :
       {"a=b; Max-Age=99999999999999999999999", "a=b; Max-Age=9223372036854775807",
        "a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT"}) {
    EXPECT_EQ(parsed(field).expires, kNoon + std::chrono::days{400}) << field;
  }
}

TEST(SetCookie, IgnoresADateThatIsNone) {
  EXPECT_EQ(parsed("a=b; Expires=never").expires, std::nullopt);
}

TEST(SetCookie, RefusesControlCharactersAnywhere) {
  for (const std::string_view field :
       {std::string_view("a=b\0c", 5), std::string_view("a\x01=b"), std::string_view("a=b\r\nc"),
        std::string_view("a=b; Path=/\x7f")}) {
    EXPECT_EQ(parse_set_cookie(field, kNoon).error(), CookieRefusal::control_character);
  }
}

TEST(SetCookie, RefusesTheEmptyCookie) {
  for (const std::string_view field : {"", "=", ";", " = ; Path=/", "; a=b"}) {
    EXPECT_EQ(parse_set_cookie(field, kNoon).error(), CookieRefusal::empty) << field;
  }
}

TEST(SetCookie, LimitsNameAndValueTogether) {
  const std::string fits = "ab=" + std::string(4094, 'v');
  EXPECT_EQ(parsed(fits + "; Secure").value.size(), 4094U);
  EXPECT_EQ(parse_set_cookie(fits + "v", kNoon).error(), CookieRefusal::too_long);
}

TEST(SetCookie, PassesOverAttributesThatAreTooLong) {
  const std::string path = "/" + std::string(1023, 'p');
  EXPECT_EQ(parsed("a=b; Path=" + path).path, path);
  EXPECT_EQ(parsed("a=b; Path=/x; Path=" + path + "p").path, "/x");
}

TEST(CookieScope, MatchesDomainsAtLabels) {
  EXPECT_TRUE(domain_matches("example.com", "example.com"));
  EXPECT_TRUE(domain_matches("a.b.example.com", "example.com"));
  EXPECT_FALSE(domain_matches("badexample.com", "example.com"));
  EXPECT_FALSE(domain_matches("example.com", "a.example.com"));
  EXPECT_FALSE(domain_matches("example.com.", "example.com"));
  EXPECT_FALSE(domain_matches("example.com", ""));
}

TEST(CookieScope, MatchesPathsAtSlashes) {
  EXPECT_TRUE(path_matches("/docs", "/docs"));
  EXPECT_TRUE(path_matches("/docs/", "/docs"));
  EXPECT_TRUE(path_matches("/docs/web", "/docs"));
  EXPECT_TRUE(path_matches("/docs/web", "/docs/"));
  EXPECT_TRUE(path_matches("/anything", "/"));
  EXPECT_FALSE(path_matches("/docs2", "/docs"));
  EXPECT_FALSE(path_matches("/docs", "/docs/"));
  EXPECT_FALSE(path_matches("/", "/docs"));
  EXPECT_FALSE(path_matches("/Docs", "/docs"));
}

TEST(CookieScope, DefaultsToTheFolderOfTheRequest) {
  EXPECT_EQ(default_cookie_path("/docs/web/page"), "/docs/web");
  EXPECT_EQ(default_cookie_path("/docs/"), "/docs");
  EXPECT_EQ(default_cookie_path("/docs"), "/");
  EXPECT_EQ(default_cookie_path("/"), "/");
  EXPECT_EQ(default_cookie_path(""), "/");
  EXPECT_EQ(default_cookie_path("docs/web"), "/");
}

TEST(Cookie, ExpiresAtItsMomentAndNotBefore) {
  Cookie cookie;
  EXPECT_FALSE(cookie.is_expired(kNoon));
  cookie.expires = kNoon;
  EXPECT_TRUE(cookie.is_expired(kNoon));
  EXPECT_FALSE(cookie.is_expired(kNoon - 1ns));
  cookie.expires = sys_seconds::min();
  EXPECT_TRUE(cookie.is_expired(kNoon));
  cookie.expires = sys_seconds::max();
  EXPECT_FALSE(cookie.is_expired(kNoon));
}

}  // namespace
}  // namespace rondo::proto
