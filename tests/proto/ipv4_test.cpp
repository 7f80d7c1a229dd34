#include "rondo/proto/ipv4.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

TEST(Ipv4, ReadsTheNumberOfEachForm) {
  struct Case {
    std::string_view text;
    std::uint32_t address;
  };
  constexpr Case kCases[] = {{"1.2.3.4", 0x01020304},
                             {"1.2.0x304", 0x01020304},
                             {"1.0x020304", 0x01020304},
                             {"0x01020304", 0x01020304},
                             {"010.2.3.4", 0x08020304},
                             {"0.0.0.0", 0},
                             {"255.255.255.255", 0xffffffff},
                             {"1.16777215", 0x01ffffff},
                             {"1.2.65535", 0x0102ffff},
                             {"4294967295.", 0xffffffff},
                             {"00000000000000000000001.0", 0x01000000}};
  for (const Case& each : kCases) {
    const auto address = parse_ipv4(each.text);
    ASSERT_TRUE(address) << each.text;
    EXPECT_EQ(*address, each.address) << each.text;
  }
}

TEST(Ipv4, RefusesEachKindOfMistake) {
  struct Case {
    std::string_view text;
    UrlError error;
  };
  constexpr Case kCases[] = {{"1.2.3.4.5", UrlError::ipv4_too_many_parts},
                             {"1.2.3.4..", UrlError::ipv4_too_many_parts},
                             {"", UrlError::ipv4_non_numeric_part},
                             {".", UrlError::ipv4_non_numeric_part},
                             {"1..2", UrlError::ipv4_non_numeric_part},
                             {"08", UrlError::ipv4_non_numeric_part},
                             {"0xg", UrlError::ipv4_non_numeric_part},
                             {"1e2", UrlError::ipv4_non_numeric_part},
                             {"+1", UrlError::ipv4_non_numeric_part},
                             {"256.1", UrlError::ipv4_out_of_range_part},
                             {"1.16777216", UrlError::ipv4_out_of_range_part},
                             {"1.2.65536", UrlError::ipv4_out_of_range_part},
                             {"1.2.3.256", UrlError::ipv4_out_of_range_part},
                             {"99999999999999999999999", UrlError::ipv4_out_of_range_part},
                             {"0xfffffffffffffffffff.1", UrlError::ipv4_out_of_range_part}};
  for (const Case& each : kCases) {
    const auto address = parse_ipv4(each.text);
    ASSERT_FALSE(address) << each.text;
    EXPECT_EQ(address.error(), each.error) << each.text;
  }
}

TEST(Ipv4, TellsNumbersFromNames) {
  for (const std::string_view text : {"1", "a.1", "a.1.", "a.09", "a.0x", "a.0XfF", "1.2.3.4"}) {
    EXPECT_TRUE(ends_in_a_number(text)) << text;
  }
  for (const std::string_view text : {"", ".", "a", "1.a", "1..", "0xg", "a.0x1g", "1a"}) {
    EXPECT_FALSE(ends_in_a_number(text)) << text;
  }
}

TEST(Ipv4, WritesDottedDecimal) {
  std::string text = "at ";
  append_ipv4(0x7f00ff01, text);
  EXPECT_EQ(text, "at 127.0.255.1");
}

}  // namespace
}  // namespace rondo::proto
