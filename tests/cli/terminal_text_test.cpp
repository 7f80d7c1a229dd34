#include "cli/terminal_text.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

TEST(TerminalText, LeavesTextOfAllLanguagesAlone) {
  EXPECT_EQ(printable("plain, naïve, 日本, 🎵, 👩‍👧"),
            "plain, naïve, 日本, 🎵, 👩‍👧");
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

/// What a terminal gets of `pieces`.
std::string filtered(std::initializer_list<std::string_view> pieces) {
  TerminalFilter filter;
  std::string shown;
  for (const std::string_view piece : pieces) shown += filter.take(piece);
  return shown + filter.finish();
}

TEST(TerminalFilter, LeavesABodyItsLinesAndTabs) {
  EXPECT_EQ(filtered({"a\tb\nna\u00efve\r\n\n"}), "a\tb\nna\u00efve\r\n\n");
}

TEST(TerminalFilter, ShowsWhatWouldSteerTheTerminal) {
  EXPECT_EQ(filtered({"\x1b[2J\rb\u009b\u202e\xff\b"}),
            "\\x1b[2J\\x0db\\xc2\\x9b\\xe2\\x80\\xae\\xff\\x08");
}

TEST(TerminalFilter, ShowsTheSameWhereverABodyIsCut) {
  const std::string body = "a\r\n\u65e5\r\U0001f3b5\u202e\xe2\x80z\xf0\x9f\x1b\xff\t\r";
  const std::string whole = filtered({body});
  for (std::size_t first = 0; first <= body.size(); ++first) {
    for (std::size_t second = first; second <= body.size(); ++second) {
      const std::string_view all = body;
      EXPECT_EQ(
          filtered({all.substr(0, first), all.substr(first, second - first), all.substr(second)}),
          whole)
          << first << ' ' << second;
    }
  }
}

TEST(TerminalFilter, ShowsABodyThatEndsWithinACharacter) {
  EXPECT_EQ(filtered({"a\xe2\x82"}), "a\\xe2\\x82");
  EXPECT_EQ(filtered({"a\r"}), "a\\x0d");
}

TEST(TerminalText, SendsOfAllBytesOnlyThosePrintable) {
  for (int first = 0; first < 256; ++first) {
    const std::string one(1, static_cast<char>(first));
    const bool is_plain = first >= 0x20 && first < 0x7f;
    EXPECT_EQ(printable(one) == one, is_plain) << first;
    for (int second = 0; second < 256; ++second) {
      const std::string text = printable(one + static_cast<char>(second));
      EXPECT_TRUE(proto::is_valid_utf8(text)) << first << ' ' << second;
      for (const char c : text) {
        EXPECT_FALSE(static_cast<unsigned char>(c) < 0x20 || c == 0x7f) << first << ' ' << second;
      }
    }
  }
}

}  // namespace
}  // namespace rondo::cli
