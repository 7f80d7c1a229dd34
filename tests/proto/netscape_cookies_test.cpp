#include "rondo/proto/netscape_cookies.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_seconds;

TEST(NetscapeCookies, ReadsAFileAsCurlWritesIt) {
  const NetscapeCookies file = parse_netscape_cookies(
      "# Netscape HTTP Cookie File\n"
      "# https://curl.se/docs/http-cookies.html\n"
      "\n"
      ".example.com\tTRUE\t/docs\tFALSE\t2000000000\tid\t1 2\n"
      "#HttpOnly_www.example.com\tFALSE\t/\tTRUE\t0\tsession\tabc=\n");
  EXPECT_EQ(file.skipped, 0U);
  ASSERT_EQ(file.cookies.size(), 2U);
  EXPECT_EQ(file.cookies[0], (Cookie{.name = "id",
                                     .value = "1 2",
                                     .domain = "example.com",
                                     .path = "/docs",
                                     .expires = sys_seconds{2000000000s},
                                     .host_only = false}));
  EXPECT_EQ(file.cookies[1], (Cookie{.name = "session",
                                     .value = "abc=",
                                     .domain = "www.example.com",
                                     .secure = true,
                                     .http_only = true}));
}

TEST(NetscapeCookies, TakesTheVariationsOfOtherPrograms) {
  const auto one = [](std::string_view line) {
    const NetscapeCookies file = parse_netscape_cookies(line);
    EXPECT_EQ(file.cookies.size(), 1U) << line;
    return file.cookies.empty() ? Cookie() : file.cookies.front();
  };
  EXPECT_EQ(one("X.Test\tfalse\t/\ttrue\t0\tn\tv\r\n").domain, "x.test");
  EXPECT_EQ(one("x.test\tFALSE\t/\tFALSE\t0\tn").value, "");
  EXPECT_EQ(one("x.test\tFALSE\t/\tFALSE\t0\tn\t").value, "");
  EXPECT_EQ(one("x.test\tFALSE\t/\tFALSE\t\tn\tv").expires, std::nullopt);
  EXPECT_EQ(one("x.test\tFALSE\t/\tFALSE\t0\t\tv").name, "");
  EXPECT_EQ(one("x.test\tFALSE\t/\tFALSE\t0\tn\ta\tb").value, "a\tb");
  EXPECT_EQ(one("x.test\tFALSE\t/\tFALSE\t99999999999999999999\tn\tv").expires, sys_seconds::max());
}

TEST(NetscapeCookies, SkipsAndCountsMalformedLines) {
  const NetscapeCookies file = parse_netscape_cookies(
      "nonsense\n"
      "x.test TRUE / FALSE 0 n v\n"
      "x.test\tTRUE\t/\tFALSE\t0\n"
      "x.test\tYES\t/\tFALSE\t0\tn\tv\n"
      "x.test\tTRUE\t/\tMAYBE\t0\tn\tv\n"
      "x.test\tTRUE\tdocs\tFALSE\t0\tn\tv\n"
      "x.test\tTRUE\t/\tFALSE\tsoon\tn\tv\n"
      "x.test\tTRUE\t/\tFALSE\t-5\tn\tv\n"
      "x.test\tTRUE\t/\tFALSE\t12x\tn\tv\n"
      "\tTRUE\t/\tFALSE\t0\tn\tv\n"
      ".\tTRUE\t/\tFALSE\t0\tn\tv\n"
      "x.test\tTRUE\t/\tFALSE\t0\t\t\n"
      "x.test\tTRUE\t/\tFALSE\t0\tn\tv\x01\n"
      "#HttpOnly_\n"
      "x.test\tTRUE\t/\tFALSE\t0\tgood\tv\n");
  EXPECT_EQ(file.skipped, 14U);
  ASSERT_EQ(file.cookies.size(), 1U);
  EXPECT_EQ(file.cookies[0].name, "good");
}

TEST(NetscapeCookies, SkipsALineWithANul) {
  const NetscapeCookies file =
      parse_netscape_cookies(std::string_view("x.test\tTRUE\t/\tFALSE\t0\tn\tv\0w\n", 27));
  EXPECT_EQ(file.skipped, 1U);
}

TEST(NetscapeCookies, HoldsNothingInAnEmptyFile) {
  for (const std::string_view text : {"", "\n\n", "  \t\n", "# only a comment", "#"}) {
    const NetscapeCookies file = parse_netscape_cookies(text);
    EXPECT_TRUE(file.cookies.empty()) << text;
    EXPECT_EQ(file.skipped, 0U) << text;
  }
}

TEST(NetscapeCookies, WritesTheLinesThatCurlWould) {
  const std::vector<Cookie> cookies = {
      {.name = "id",
       .value = "1",
       .domain = "example.com",
       .path = "/docs",
       .expires = sys_seconds{2000000000s},
       .host_only = false},
      {.name = "s", .value = "", .domain = "a.test", .secure = true, .http_only = true}};
  EXPECT_EQ(write_netscape_cookies(cookies),
            "# Netscape HTTP Cookie File\n"
            ".example.com\tTRUE\t/docs\tFALSE\t2000000000\tid\t1\n"
            "#HttpOnly_a.test\tFALSE\t/\tTRUE\t0\ts\t\n");
  EXPECT_EQ(write_netscape_cookies({}), "# Netscape HTTP Cookie File\n");
}

TEST(NetscapeCookies, ReadsBackWhatItHasWritten) {
  const std::vector<Cookie> cookies = {
      {.name = "a", .value = "\"q\" \xc3\xa9\tb", .domain = "x.test", .host_only = false},
      {.name = "", .value = "nameless", .domain = "[::1]"},
      {.name = "late",
       .value = "=",
       .domain = "y.test",
       .path = "/p q",
       .expires = sys_seconds::max(),
       .secure = true},
      {.name = "h",
       .value = "v",
       .domain = "z.test",
       .expires = sys_seconds{1s},
       .http_only = true}};
  const NetscapeCookies file = parse_netscape_cookies(write_netscape_cookies(cookies));
  EXPECT_EQ(file.cookies, cookies);
  EXPECT_EQ(file.skipped, 0U);
}

TEST(NetscapeCookies, LeavesOutWhatWouldBreakTheFile) {
  const std::vector<Cookie> cookies = {
      {.name = "a\tb", .value = "v", .domain = "x.test"},
      {.name = "a", .value = "v\nx.test\tTRUE\t/\tFALSE\t0\tinjected\t1", .domain = "x.test"},
      {.name = "a", .value = "v", .domain = "x.test", .path = "/\t"},
      {.name = "a", .value = "v", .domain = "x\ntest"}};
  EXPECT_EQ(write_netscape_cookies(cookies), "# Netscape HTTP Cookie File\n");
}

TEST(NetscapeCookies, DoesNotTurnTheStartOfTimeIntoASession) {
  const std::vector<Cookie> cookies = {
      {.name = "a", .value = "v", .domain = "x.test", .expires = sys_seconds{0s}}};
  EXPECT_EQ(parse_netscape_cookies(write_netscape_cookies(cookies)).cookies[0].expires,
            sys_seconds{1s});
}

}  // namespace
}  // namespace rondo::proto
