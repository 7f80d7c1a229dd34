#include "rondo/proto/cookie_date.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace rondo::proto {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

struct DateCase {
  std::string_view text;
  std::chrono::sys_seconds date;
};

constexpr auto kClassic = sys_days{1994y / 11 / 6} + 8h + 49min + 37s;

TEST(CookieDate, ReadsWhatServersWrite) {
  const DateCase cases[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", kClassic},
      {"Sunday, 06-Nov-94 08:49:37 GMT", kClassic},
      {"Sun Nov  6 08:49:37 1994", kClassic},
      {"Sun, 06-Nov-1994 08:49:37 GMT", kClassic},
      {"1994 6 november 8:49:37", kClassic},
      {"08:49:37 06 NOV 94", kClassic},
      {"6/nov/1994;8:49:37", kClassic},
      {"Sun, 06 Nov 1994 08:49:37 +0500", kClassic},
      {"Sun, 06 Novembeer 1994x 08:49:37Z", kClassic},
      {"06th Nov 1994 08:49:37.999 GMT", kClassic},
      {"Thu, 01 Jan 1970 00:00:00 GMT", sys_days{1970y / 1 / 1}},
      {"Fri, 31 Dec 9999 23:59:59 GMT", sys_days{9999y / 12 / 31} + 23h + 59min + 59s},
      {"Mon, 01 Jan 1601 00:00:00 GMT", sys_days{1601y / 1 / 1}},
      {"Tue, 29 Feb 2028 12:00:00 GMT", sys_days{2028y / 2 / 29} + 12h},
      {"1 Jan 006 00:00:00", sys_days{2006y / 1 / 1}},
      {"1 Jan 70 00:00:00", sys_days{1970y / 1 / 1}},
      {"1 Jan 99 00:00:00", sys_days{1999y / 1 / 1}},
      {"1 Jan 00 00:00:00", sys_days{2000y / 1 / 1}},
      {"1 Jan 69 00:00:00", sys_days{2069y / 1 / 1}},
      {"10:20:30 10 Jan 2030 11:21:31 12 Feb 2031", sys_days{2030y / 1 / 10} + 10h + 20min + 30s},
  };
  for (const DateCase& each : cases)
    EXPECT_EQ(parse_cookie_date(each.text), each.date) << each.text;
}

TEST(CookieDate, RefusesWhatLacksAPartOrHasOneOutOfRange) {
  for (const std::string_view text : {"",
                                      "GMT",
                                      "Sun, 06 Nov 1994",
                                      "06 Nov 08:49:37",
                                      "Nov 1994 08:49:37",
                                      "06 1994 08:49:37",
                                      "Wed, 31 Feb 2024 00:00:00",
                                      "Wed, 29 Feb 2023 00:00:00",
                                      "00 Nov 1994 08:49:37",
                                      "32 Nov 1994 08:49:37",
                                      "06 Nov 1994 24:00:00",
                                      "06 Nov 1994 08:60:00",
                                      "06 Nov 1994 08:49:60",
                                      "06 Nov 1600 08:49:37",
                                      "06 Nov 19945 08:49:37",
                                      "06 Nov 1994 08:49",
                                      "06 Nov 1994 008:49:37",
                                      "06 Nov 1994 08:49:377",
                                      "06 No 1994 08:49:37",
                                      "06 Xov 1994 08:49:37",
                                      "tomorrow"}) {
    EXPECT_EQ(parse_cookie_date(text), std::nullopt) << text;
  }
}

TEST(CookieDate, TakesATimeOutOfRangeForTheTime) {
  EXPECT_EQ(parse_cookie_date("06 Nov 1994 25:00:00 08:49:37"), std::nullopt);
}

}  // namespace
}  // namespace rondo::proto
