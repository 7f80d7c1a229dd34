#include "rondo/proto/utf8.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace rondo::proto {
namespace {

#define BAD "\xef\xbf\xbd"

struct Utf8Case {
  std::string_view bytes;
  std::string_view repaired;
};

// The counts of replacement characters are those of the Encoding Standard.
constexpr Utf8Case kBroken[] = {
    {"\x80", BAD},
    {"\xbf\xbf", BAD BAD},
    {"a\xff"
     "b",
     "a" BAD "b"},
    {"\xc0\xaf", BAD BAD},
    {"\xc1\xbf", BAD BAD},
    {"\xc2", BAD},
    {"\xc2"
     "A",
     BAD "A"},
    {"\xe0\x80\xaf", BAD BAD BAD},
    {"\xe0\x9f\xbf", BAD BAD BAD},
    {"\xe2\x82", BAD},
    {"\xe2\x82"
     "A",
     BAD "A"},
    {"\xe2\x82\xe2\x82\xac", BAD "\xe2\x82\xac"},
    {"\xed\xa0\x80", BAD BAD BAD},
    {"\xed\xbf\xbf", BAD BAD BAD},
    {"\xf0\x80\x80\xaf", BAD BAD BAD BAD},
    {"\xf0\x8f\xbf\xbf", BAD BAD BAD BAD},
    {"\xf0\x9f\x98", BAD},
    {"\xf0\x9f\x98"
     "x",
     BAD "x"},
    {"\xf4\x90\x80\x80", BAD BAD BAD BAD},
    {"\xf5\x80\x80\x80", BAD BAD BAD BAD},
    {"\xf8\x88\x80\x80\x80", BAD BAD BAD BAD BAD},
};

constexpr std::string_view kValid[] = {"",
                                       "plain",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "eight ASCII bytes, then \xc3\xa9, then more"};

TEST(Utf8, AcceptsEveryEdgeOfTheRanges) {
  for (const std::string_view text : kValid) EXPECT_TRUE(is_valid_utf8(text)) << text;
}

TEST(Utf8, RefusesSurrogatesOverlongFormsAndWhatIsCut) {
  for (const Utf8Case& each : kBroken) EXPECT_FALSE(is_valid_utf8(each.bytes)) << each.repaired;
}

TEST(Utf8, FindsABadByteAtEveryOffset) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(is_valid_utf8(text));
    EXPECT_FALSE(is_valid_utf8(text + '\x80')) << size;
    EXPECT_FALSE(is_valid_utf8(text + "\xc3" + text)) << size;
    EXPECT_TRUE(is_valid_utf8(text + "\xc3\xa9" + text)) << size;
  }
}

TEST(Utf8, ReplacesAsTheEncodingStandardDoes) {
  for (const Utf8Case& each : kBroken) {
    EXPECT_EQ(to_valid_utf8(std::string(each.bytes)), each.repaired);
    const std::string framed = "left \xc3\xa9" + std::string(each.bytes) + "!";
    EXPECT_TRUE(is_valid_utf8(to_valid_utf8(framed)));
  }
}

TEST(Utf8, HandsValidTextThroughWithoutACopy) {
  std::string text(1000, 'x');
  const char* const storage = text.data();
  EXPECT_EQ(to_valid_utf8(std::move(text)).data(), storage);
}

TEST(Utf8, ReadsLatin1ByteByByte) {
  EXPECT_EQ(latin1_to_utf8("caf\xe9"), "caf\xc3\xa9");
  EXPECT_EQ(latin1_to_utf8("\x7f\x80\xff"), "\x7f\xc2\x80\xc3\xbf");
}

TEST(Utf8, TakesAFieldForLatin1OnlyIfItIsNoUtf8) {
  EXPECT_EQ(utf8_or_latin1("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(utf8_or_latin1("caf\xe9"), "caf\xc3\xa9");
}

TEST(Utf8, ReadsCodePointsOfEveryLength) {
  EXPECT_EQ(code_point_of(std::string_view("\0", 1)), 0U);
  EXPECT_EQ(code_point_of("\x7f"), 0x7fU);
  EXPECT_EQ(code_point_of("\xc2\x80"), 0x80U);
  EXPECT_EQ(code_point_of("\xdf\xbf"), 0x7ffU);
  EXPECT_EQ(code_point_of("\xe0\xa0\x80"), 0x800U);
  EXPECT_EQ(code_point_of("\xef\xbf\xbf"), 0xffffU);
  EXPECT_EQ(code_point_of("\xf0\x90\x80\x80"), 0x10000U);
  EXPECT_EQ(code_point_of("\xf4\x8f\xbf\xbf"), 0x10ffffU);
}

/// A code point beyond ASCII in UTF-8.
std::string encoded(std::uint32_t value) {
  const unsigned more = value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  std::string out(1, static_cast<char>((0xf0U << (3 - more)) | (value >> (6 * more))));
  for (unsigned i = more; i > 0; --i) {
    out += static_cast<char>(0x80U | (value >> (6 * (i - 1)) & 0x3fU));
  }
  return out;
}

TEST(Utf8, KnowsAllCharactersThatSteerText) {
  // Both edges of each range, in Unicode's order.
  constexpr std::pair<std::uint32_t, std::uint32_t> kSteering[] = {
      {0x80, 0x9f},     {0x61c, 0x61c},   {0x200e, 0x200f}, {0x2028, 0x202e},
      {0x2066, 0x2069}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};
  std::uint32_t value = 0x80;
  for (const auto& [first, last] : kSteering) {
    for (; value < first; ++value) {
      const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
      EXPECT_FALSE(!is_surrogate && steers_text(encoded(value))) << value;
    }
    for (; value <= last; ++value) EXPECT_TRUE(steers_text(encoded(value))) << value;
  }
  for (; value <= 0x10ffff; ++value) EXPECT_FALSE(steers_text(encoded(value))) << value;
}

#undef BAD

}  // namespace
}  // namespace rondo::proto
