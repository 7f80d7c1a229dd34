#include "cli/terminal_text.hpp"

#include <gtest/gtest.h>

namespace rondo::cli {
namespace {

TEST(TerminalText, LeavesTextOfAllLanguagesAlone) {
  EXPECT_EQ(printable("plain, naïve, 日本, 🎵"), "plain, naïve, 日本, 🎵");
}

TEST(TerminalText, ShowsControlCharactersInsteadOfSendingThem) {
  EXPECT_EQ(printable("a\x1b[31m\r\nb\x7f"), "a\\x1b[31m\\x0d\\x0ab\\x7f");
}

TEST(TerminalText, ShowsTheControlsAbove127) {
  EXPECT_EQ(printable("\u009b2J"), "\\xc2\\x9b2J");
}

TEST(TerminalText, ShowsWhatTurnsTheDirectionOfWriting) {
  EXPECT_EQ(printable("a\u202eb\u2067c\u200f"), "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa7c\\xe2\\x80\\x8f");
}

TEST(TerminalText, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff\xe9t"), "\\xff\\xe9t");
}

}  // namespace
}  // namespace rondo::cli
