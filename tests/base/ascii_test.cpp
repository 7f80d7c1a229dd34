#include "rondo/base/ascii.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace rondo::ascii {
namespace {

/// Calls `check(c)` for each of the 256 bytes.
template <class Check>
void for_each_byte(Check check) {
  for (int i = 0; i < 256; ++i) check(static_cast<char>(static_cast<unsigned char>(i)));
}

TEST(Ascii, ClassifiesEachByteAsTheCLocaleDoes) {
  for_each_byte([](char c) {
    const int code = static_cast<unsigned char>(c);
    EXPECT_EQ(is_ascii(c), code < 128) << code;
    EXPECT_EQ(is_alpha(c), std::isalpha(code) != 0) << code;
    EXPECT_EQ(is_digit(c), std::isdigit(code) != 0) << code;
    EXPECT_EQ(is_alnum(c), std::isalnum(code) != 0) << code;
    EXPECT_EQ(is_control(c), std::iscntrl(code) != 0) << code;
    EXPECT_EQ(hex_value(c) >= 0, std::isxdigit(code) != 0) << code;
  });
}

TEST(Ascii, LowersLettersAndNothingElse) {
  for_each_byte([](char c) {
    const int code = static_cast<unsigned char>(c);
    const int expected = code < 128 ? std::tolower(code) : code;
    EXPECT_EQ(static_cast<unsigned char>(to_lower(c)), expected) << code;
  });
  EXPECT_EQ(lowered("Content-TYPE \xC4"), "content-type \xC4");
}

TEST(Ascii, KnowsTheValueOfAHexadecimalDigit) {
  const std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < digits.size(); ++i) {
    EXPECT_EQ(hex_value(digits[i]), static_cast<int>(i));
    EXPECT_EQ(hex_value(static_cast<char>(std::toupper(digits[i]))), static_cast<int>(i));
  }
  EXPECT_EQ(hex_value('g'), -1);
  EXPECT_EQ(hex_value('@'), -1);
}

TEST(Ascii, WritesBytesAsHexadecimalDigits) {
  std::string text = "x";
  append_hex(std::array<std::uint8_t, 4>{0x00, 0x0f, 0xa5, 0xff}, text);
  append_hex({}, text);
  EXPECT_EQ(text, "x000fa5ff");
}

TEST(Ascii, ComparesWithoutCaseButNotWithoutTheRest) {
  EXPECT_TRUE(equal_ignoring_case("Keep-Alive", "keep-ALIVE"));
  EXPECT_TRUE(equal_ignoring_case("", ""));
  EXPECT_FALSE(equal_ignoring_case("close", "closed"));
  EXPECT_FALSE(equal_ignoring_case("@", "`"));        // 0x40 and 0x60 differ by the case bit only
  EXPECT_FALSE(equal_ignoring_case("\xC4", "\xE4"));  // letters in Latin-1, not in ASCII
}

TEST(Ascii, TrimsSpacesAndTabsOnly) {
  EXPECT_EQ(trim(" \t a b\t "), "a b");
  EXPECT_EQ(trim("\ra\n"), "\ra\n");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace rondo::ascii
