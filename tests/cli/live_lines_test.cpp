#include "cli/live_lines.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "cli/terminal_width.hpp"

namespace rondo::cli {
namespace {

using namespace std::chrono_literals;

LiveState state() {
  LiveState state;
  state.done = 450;
  state.expected = 1000;
  state.failed = 12;
  state.failures = " (resolve 5, timeout 7)";
  state.in_flight = 64;
  state.bytes = 12'500'000;
  state.rate = 110;
  state.byte_rate = 2'000'000;
  state.current = {{"http://a.test/slow", "receive", 2300ms, 1500}};
  TransferSummary slow;
  slow.url = "http://b.test/slower";
  slow.status = 200;
  slow.total = 5s;
  state.slowest = {slow};
  return state;
}

TEST(LiveLines, ShowAllThereIsWhereThereIsRoom) {
  const auto lines = live_lines(state(), {.columns = 81, .rows = 24}, false);
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0].text,
            "###########--------------- "
            " 45%  450/1000  110/s  12.5 MB  2.00 MB/s  ETA 5.00 s");
  EXPECT_EQ(lines[1].text, "64 in flight, 438 ok, 12 failed (resolve 5, timeout 7)");
  EXPECT_EQ(lines[2].text, "under way");
  EXPECT_EQ(lines[3].text, "   2.30 s  receive       1.50 kB  http://a.test/slow");
  EXPECT_EQ(lines[4].text, "slowest so far");
  EXPECT_EQ(lines[5].text, "   5.00 s  200               0 B  http://b.test/slower");
}

TEST(LiveLines, ShowNoBarNorEtaWithoutAnEnd) {
  LiveState endless = state();
  endless.expected.reset();
  const auto lines = live_lines(endless, {.columns = 80, .rows = 24}, false);
  EXPECT_EQ(lines[0].text, "450 done  110/s  12.5 MB  2.00 MB/s");
}

TEST(LiveLines, GiveUpColumnsBeforeTheUrl) {
  EXPECT_EQ(live_lines(state(), {.columns = 55, .rows = 24}, false)[3].text,
            "   2.30 s  receive       1.50 kB  http://a.test/slow");
  EXPECT_EQ(live_lines(state(), {.columns = 50, .rows = 24}, false)[3].text,
            "   2.30 s  receive      http://a.test/slow");
  EXPECT_EQ(live_lines(state(), {.columns = 41, .rows = 24}, false)[3].text,
            "   2.30 s  http://a.test/slow");
}

TEST(LiveLines, FitEveryTerminalAndLeaveARow) {
  LiveState wide = state();
  wide.current[0].url = "http://日本.test/日本語日本語日本語日本語日本語日本語日本語日本語日本語";
  for (std::size_t columns = 1; columns < 140; ++columns) {
    for (const std::size_t rows : {1U, 2U, 3U, 8U, 11U, 12U, 50U}) {
      const auto lines = live_lines(wide, {columns, rows}, true);
      EXPECT_LE(lines.size(), std::max<std::size_t>(rows, 2) - 1);
      for (const LiveLine& line : lines) {
        EXPECT_LE(columns_of(line.text), std::max<std::size_t>(columns, 2) - 1) << line.text;
      }
    }
  }
}

TEST(LiveLines, LetNobodyElseSteerTheTerminalNorSeeCredentials) {
  LiveState hostile = state();
  hostile.current[0].url = "http://me:secret@a.test/\x1b[2J\u202e\xff";
  hostile.slowest[0].url = "http://b.test/\x9b\r\n\x07";
  for (const LiveLine& line : live_lines(hostile, {.columns = 120, .rows = 24}, false)) {
    for (const char c : line.text) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line.text;
    EXPECT_EQ(line.text.find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace rondo::cli
