#include "rondo/proto/percent.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace rondo::proto {
namespace {

/// The printable ASCII characters that `set` encodes, in order.
std::string encoded_characters(PercentSet set) {
  std::string found;
  for (char c = ' '; c <= '~'; ++c) {
    std::string out;
    percent_encode(std::string_view(&c, 1), set, out);
    if (out.size() > 1) found += c;
  }
  return found;
}

TEST(Percent, EncodesTheSetsOfTheUrlStandard) {
  EXPECT_EQ(encoded_characters(PercentSet::c0_control), "");
  EXPECT_EQ(encoded_characters(PercentSet::fragment), " \"<>`");
  EXPECT_EQ(encoded_characters(PercentSet::query), " \"#<>");
  EXPECT_EQ(encoded_characters(PercentSet::special_query), " \"#'<>");
  EXPECT_EQ(encoded_characters(PercentSet::path), " \"#<>?^`{}");
  EXPECT_EQ(encoded_characters(PercentSet::userinfo), " \"#/:;<=>?@[\\]^`{|}");
  EXPECT_EQ(encoded_characters(PercentSet::component), " \"#$%&+,/:;<=>?@[\\]^`{|}");
  EXPECT_EQ(encoded_characters(PercentSet::form), " !\"#$%&'()+,/:;<=>?@[\\]^`{|}~");
}

TEST(Percent, EncodesControlsAndBytesAbove127InEverySet) {
  std::string out = "x";
  percent_encode(std::string_view("a\0\x1f\x7f\x80\xff"
                                  "b",
                                  7),
                 PercentSet::c0_control, out);
  EXPECT_EQ(out, "xa%00%1F%7F%80%FFb");
}

TEST(Percent, DecodesWhatIsValidAndKeepsTheRest) {
  EXPECT_EQ(percent_decode("%41%7a%e9"), "Az\xe9");
  EXPECT_EQ(percent_decode("%00"), std::string_view("\0", 1));
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%4g%g4%%41"), "%4g%g4%A");
  EXPECT_EQ(percent_decode("%2541"), "%41");
}

TEST(Percent, DecodesWhatItEncodes) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  std::string encoded;
  percent_encode(every_byte, PercentSet::form, encoded);
  EXPECT_EQ(percent_decode(encoded), every_byte);
}

}  // namespace
}  // namespace rondo::proto
