#include "cli/terminal_width.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::cli {
namespace {

TEST(TerminalWidth, CountsColumnsAndNotBytes) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("naïve"), 5U);
  EXPECT_EQ(columns_of("日本"), 4U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
  EXPECT_EQ(columns_of("🎵"), 2U);
}

TEST(TerminalWidth, CutsTheEndBetweenCharacters) {
  EXPECT_EQ(cut_end("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_end("abcdefg", 6), "abc...");
  EXPECT_EQ(cut_end("日本語日本", 8), "日本...");
  EXPECT_EQ(cut_end("e\u0301e\u0301e\u0301e\u0301e\u0301", 4), "e\u0301...");
  EXPECT_EQ(cut_end("abc", 2), "..");
  EXPECT_EQ(cut_end("abc", 0), "");
}

TEST(TerminalWidth, CutsTheMiddleOfWhatHasTwoEnds) {
  EXPECT_EQ(cut_middle("http://a.test/x", 15), "http://a.test/x");
  EXPECT_EQ(cut_middle("http://a.test/long/way/to/file.html", 20), "http://a.te...e.html");
  EXPECT_EQ(cut_middle("http://a.test/x", 10), "http://...");
}

TEST(TerminalWidth, NeverExceedsTheColumns) {
  const std::string text = "http://日本.test/a/🎵/e\u0301/日本語日本語日本語/end";
  for (std::size_t columns = 0; columns <= columns_of(text) + 1; ++columns) {
    EXPECT_LE(columns_of(cut_end(text, columns)), columns);
    EXPECT_LE(columns_of(cut_middle(text, columns)), columns);
  }
}

}  // namespace
}  // namespace rondo::cli
