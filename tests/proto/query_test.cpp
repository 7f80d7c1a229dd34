#include "rondo/proto/query.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::proto {
namespace {

TEST(Query, JoinsPairsInOrder) {
  EXPECT_EQ(form_urlencoded({}), "");
  EXPECT_EQ(form_urlencoded({{"a", "1"}}), "a=1");
  EXPECT_EQ(form_urlencoded({{"b", "2"}, {"a", ""}, {"b", "3"}}), "b=2&a=&b=3");
}

TEST(Query, EncodesAllButLettersDigitsAndFourMarks) {
  EXPECT_EQ(form_urlencoded({{"azAZ09*-._", " a  b "}}), "azAZ09*-._=+a++b+");
  EXPECT_EQ(
      form_urlencoded({{"&=+", "!\"#$%'(),/:;<>?@[\\]^`{|}~"}}),
      "%26%3D%2B=%21%22%23%24%25%27%28%29%2C%2F%3A%3B%3C%3E%3F%40%5B%5C%5D%5E%60%7B%7C%7D%7E");
  EXPECT_EQ(form_urlencoded({{"\xc3\xa9", "\r\n\x7f"}}), "%C3%A9=%0D%0A%7F");
}

TEST(Query, TakesBytesAsTheyAre) {
  EXPECT_EQ(form_urlencoded({{"n", std::string_view("\0\xff", 2)}}), "n=%00%FF");
}

TEST(Query, AppendsToWhatIsThere) {
  std::string out = "x?";
  append_form_urlencoded({{"a", "b c"}}, out);
  EXPECT_EQ(out, "x?a=b+c");
}

}  // namespace
}  // namespace rondo::proto
