#include "rondo/proto/hsts_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

using std::chrono::sys_days;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kMoment = sys_days(2027y / 11 / 27) + 8h + 15min + 9s;

TEST(HstsFile, ReadsWhatCurlWrites) {
  const HstsFile file = parse_hsts_file(
      "# Your HSTS cache. https://curl.se/docs/hsts.html\n"
      ".Example.com \"20271127 08:15:09\"\r\n\n"
      "one.test \"unlimited\"\n"
      "old.test \"20010101 00:00:00\"");
  EXPECT_THAT(file.hosts, ElementsAre(HstsHost{"example.com", kMoment, true},
                                      HstsHost{"one.test", sys_days(9999y / 12 / 31), false},
                                      HstsHost{"old.test", sys_days(2001y / 1 / 1), false}));
  EXPECT_EQ(file.skipped, 0U);
}

TEST(HstsFile, PassesOverLinesThatAreNoHost) {
  for (const char* line :
       {"a.test", "a.test 20271127 08:15:09", "a.test \"\"", "a.test \"",
        "a.test \"20271327 08:15:09\"", "a.test \"20270230 08:15:09\"",
        "a.test \"2027112 708:15:09\"", ". \"20271127 08:15:09\"", "\"20271127 08:15:09\"",
        "a.test \"20271127 08:15:09\" x", "a.test \"-0271127 08:15:09\""}) {
    const HstsFile file = parse_hsts_file(line);
    EXPECT_THAT(file.hosts, IsEmpty()) << line;
    EXPECT_EQ(file.skipped, 1U) << line;
  }
}

TEST(HstsFile, WritesWhatItReads) {
  const std::vector<HstsHost> hosts = {{"a.test", kMoment, false}, {"b.test", kMoment + 24h, true}};
  const std::string text = write_hsts_file(hosts);
  EXPECT_THAT(text, ::testing::HasSubstr("\na.test \"20271127 08:15:09\"\n.b.test \"20271128"));
  EXPECT_EQ(parse_hsts_file(text).hosts, hosts);
  const std::vector<HstsHost> bad = {
      {"a b", kMoment}, {"", kMoment}, {"a\nb.test", kMoment}, {".a", kMoment}};
  EXPECT_THAT(parse_hsts_file(write_hsts_file(bad)).hosts, IsEmpty());
}

TEST(HstsFile, FillsAStoreWithHostsThatUrlsCanHave) {
  HstsStore store;
  const HstsStore::Time now = kMoment;
  for (const char* name : {"a.test", "1.2.3.4", "::1", "[::1]", "A.test", "a.test.", "a/b", "u@a",
                           "", "a b", "b\xc3\xbc.test", "a.test:80"}) {
    store.add({name, kMoment + 1h, false}, now);
  }
  store.add({"late.test", kMoment, true}, now);
  store.add({"b.test", kMoment + 1h, true}, now);
  store.add({"b.test", kMoment + 2h, true}, now);
  EXPECT_THAT(store.hosts(now), ElementsAre(HstsHost{"a.test", kMoment + 1h, false},
                                            HstsHost{"b.test", kMoment + 2h, true}));
  EXPECT_TRUE(store.applies(Url::parse("http://x.b.test/").value(), now));
  EXPECT_FALSE(store.applies(Url::parse("http://x.a.test/").value(), now));
  EXPECT_THAT(store.hosts(now + 1h), ElementsAre(HstsHost{"b.test", kMoment + 2h, true}));
}

TEST(HstsFile, FillsAStoreWithHostsWhoseTimeIsBeyondTheClock) {
  HstsStore store;
  store.add(parse_hsts_file("a.test \"unlimited\"").hosts.at(0), kMoment);
  EXPECT_TRUE(store.applies(Url::parse("http://a.test/").value(), kMoment + 200 * 365 * 24h));
  EXPECT_THAT(parse_hsts_file(write_hsts_file(store.hosts(kMoment))).hosts,
              ElementsAre(HstsHost{"a.test", sys_days(2262y / 4 / 11) + 23h + 47min + 16s, false}));
}

}  // namespace
}  // namespace rondo::proto
