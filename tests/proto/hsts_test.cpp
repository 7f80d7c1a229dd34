#include "rondo/proto/hsts.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

using std::chrono::seconds;

constexpr HstsStore::Time kNow{std::chrono::hours(24 * 365 * 50)};

Url url(std::string_view text) {
  return Url::parse(text).value();
}

TEST(Hsts, ReadsPolicies) {
  struct Case {
    std::string_view field;
    std::optional<HstsPolicy> policy;
  };
  const Case cases[] = {
      // RFC 6797 §6.2.
      {"max-age=31536000", {{seconds(31536000), false}}},
      {"max-age=15768000 ; includeSubDomains", {{seconds(15768000), true}}},
      {"max-age=\"31536000\"", {{seconds(31536000), false}}},
      {"max-age=0", {{seconds(0), false}}},
      {"max-age=0; includeSubDomains", {{seconds(0), true}}},
      {"MAX-AGE = 5 ;INCLUDESUBDOMAINS; preload", {{seconds(5), true}}},
      {";;max-age=5;;", {{seconds(5), false}}},
      {"max-age=5; x=\"a;max-age=6\"", {{seconds(5), false}}},
      {"max-age=99999999999999999999999", {{seconds(5'000'000'000), false}}},
      {"", std::nullopt},
      {"includeSubDomains", std::nullopt},
      {"max-age", std::nullopt},
      {"max-age=", std::nullopt},
      {"max-age=-1", std::nullopt},
      {"max-age=5s", std::nullopt},
      {"max-age=5, max-age=6", std::nullopt},
      {"max-age=5; max-age=5", std::nullopt},
      {"max-age=5; includeSubDomains; includesubdomains", std::nullopt},
      {"max-age=5; =", std::nullopt},
  };
  for (const Case& each : cases)
    EXPECT_EQ(HstsPolicy::parse(each.field), each.policy) << each.field;
}

TEST(Hsts, AppliesToTheHostAndBelowItIfItSaysSo) {
  HstsStore store;
  store.note(url("https://a.example/"), "max-age=10", kNow);
  store.note(url("https://B.example:8443/"), "max-age=10; includeSubDomains", kNow);
  struct Case {
    std::string_view target;
    bool applies;
  };
  const Case cases[] = {
      {"http://a.example/", true},      {"http://A.EXAMPLE./x", true},
      {"http://a.example:8080/", true}, {"http://www.a.example/", false},
      {"http://b.example/", true},      {"http://www.b.example/", true},
      {"http://x.y.b.example/", true},  {"http://xb.example/", false},
      {"http://example/", false},       {"https://a.example/", false},
      {"ws://a.example/", false},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(store.applies(url(each.target), kNow), each.applies) << each.target;
  }
}

TEST(Hsts, BelievesOnlyNamesOverTls) {
  HstsStore store;
  store.note(url("http://a.example/"), "max-age=10", kNow);
  store.note(url("https://127.0.0.1/"), "max-age=10", kNow);
  store.note(url("https://[::1]/"), "max-age=10", kNow);
  store.note(url("https://a.example/"), "nonsense", kNow);
  EXPECT_EQ(store.size(), 0U);
}

TEST(Hsts, EndsWithItsTime) {
  HstsStore store;
  store.note(url("https://a.example/"), "max-age=10", kNow);
  EXPECT_TRUE(store.applies(url("http://a.example/"), kNow + seconds(9)));
  EXPECT_FALSE(store.applies(url("http://a.example/"), kNow + seconds(10)));
  store.note(url("https://a.example/"), "max-age=20", kNow);
  EXPECT_TRUE(store.applies(url("http://a.example/"), kNow + seconds(10)));
  store.note(url("https://a.example/"), "max-age=0", kNow);
  EXPECT_FALSE(store.applies(url("http://a.example/"), kNow));
  EXPECT_EQ(store.size(), 0U);
}

TEST(Hsts, KeepsNoMoreThanItMay) {
  HstsStore store(2);
  store.note(url("https://a.example/"), "max-age=10", kNow);
  store.note(url("https://b.example/"), "max-age=5", kNow);
  store.note(url("https://c.example/"), "max-age=7", kNow);
  EXPECT_EQ(store.size(), 2U);
  EXPECT_FALSE(store.applies(url("http://b.example/"), kNow));
  EXPECT_TRUE(store.applies(url("http://c.example/"), kNow));
  store.note(url("https://d.example/"), "max-age=1", kNow + seconds(8));
  EXPECT_EQ(store.size(), 2U);
  EXPECT_TRUE(store.applies(url("http://a.example/"), kNow + seconds(8)));
}

TEST(Hsts, UpgradesSchemeAndPort) {
  EXPECT_EQ(HstsStore::upgraded(url("http://a.example/b?c#d")).href(), "https://a.example/b?c#d");
  EXPECT_EQ(HstsStore::upgraded(url("http://a.example:80/")).href(), "https://a.example/");
  EXPECT_EQ(HstsStore::upgraded(url("http://a.example:8080/")).href(), "https://a.example:8080/");
}

}  // namespace
}  // namespace rondo::proto
