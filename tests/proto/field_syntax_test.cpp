#include "rondo/proto/field_syntax.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rondo::proto {
namespace {

std::string one(int byte) {
  return std::string(1, static_cast<char>(byte));
}

// RFC 9110 §5.6.2, written down a second time, by hand.
bool should_be_token_byte(int byte) {
  const bool visible = byte > 0x20 && byte < 0x7f;
  return visible && std::string_view("\"(),/:;<=>?@[\\]{}").find(static_cast<char>(byte)) ==
                        std::string_view::npos;
}

bool should_be_value_byte(int byte) {
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

TEST(FieldSyntax, KnowsEveryByteOfATokenAValueAndATarget) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(is_token(one(byte)), should_be_token_byte(byte)) << byte;
    EXPECT_EQ(is_token_byte(static_cast<char>(byte)), should_be_token_byte(byte)) << byte;
    EXPECT_EQ(is_method(one(byte)), should_be_token_byte(byte)) << byte;
    EXPECT_EQ(is_field_value(one(byte)), should_be_value_byte(byte)) << byte;
    EXPECT_EQ(is_request_target(one(byte)), byte > 0x20 && byte < 0x7f && byte != '#') << byte;
  }
}

TEST(FieldSyntax, TakesNoEmptyTokenOrTargetButAnEmptyValue) {
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_method(""));
  EXPECT_FALSE(is_request_target(""));
  EXPECT_TRUE(is_field_value(""));
}

TEST(FieldSyntax, FindsTheFirstBadByteWhereverItIs) {
  for (std::size_t size = 1; size < 50; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      EXPECT_EQ(find_invalid_value_byte(text), std::string::npos);
      text[at] = '\x7f';
      EXPECT_EQ(find_invalid_value_byte(text), at);
      EXPECT_EQ(find_invalid_token_byte(text), at);
      EXPECT_EQ(find_invalid_target_byte(text), at);
      if (at + 1 < size) text[at + 1] = '\0';
      EXPECT_EQ(find_invalid_value_byte(text), at);
    }
  }
}

TEST(FieldSyntax, CanBeAskedAtCompileTime) {
  static_assert(is_token("Content-Type"));
  static_assert(!is_token("Content Type"));
  static_assert(is_request_target("/a?b=c"));
  static_assert(!is_request_target("/a b"));
}

// Every byte at every place of a block, alone and behind each kind of neighbour.
class FieldScan : public ::testing::TestWithParam<char> {};

TEST_P(FieldScan, FindsTheSameEndAsTheTablesAtEveryPlace) {
  for (const std::size_t size : {1U, 7U, 8U, 9U, 15U, 16U, 17U, 24U, 33U}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::vector<char> text(size, GetParam());
        text[at] = static_cast<char>(byte);
        const char* const begin = text.data();
        const char* const end = begin + size;
        const char* const value = detail::find_outside(detail::kValueBytes, begin, end);
        ASSERT_EQ(detail::find_value_end(begin, end), value) << size << " " << at << " " << byte;
        ASSERT_EQ(detail::find_value_end_by_words(begin, end), value) << at << " " << byte;
        ASSERT_EQ(detail::find_token_end(begin, end),
                  detail::find_outside(detail::kTokenBytes, begin, end))
            << size << " " << at << " " << byte;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Neighbours, FieldScan,
                         ::testing::Values('a', 'Z', '0', '-', '_', '\t', ' ', '\xff', '\x80'));

std::vector<std::string> members(std::string_view list) {
  std::vector<std::string> result;
  while (!list.empty()) result.emplace_back(next_list_member(list));
  return result;
}

TEST(NextListMember, CutsAtCommasAndTrims) {
  EXPECT_EQ(members("a, b ,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(members(" a;q=1\t,"), (std::vector<std::string>{"a;q=1"}));
  EXPECT_EQ(members(",a"), (std::vector<std::string>{"", "a"}));
  EXPECT_EQ(members(" "), (std::vector<std::string>{""}));
  EXPECT_TRUE(members("").empty());
}

TEST(NextListMember, KeepsQuotedStringsWhole) {
  EXPECT_EQ(members(R"(a="1,2", b)"), (std::vector<std::string>{R"(a="1,2")", "b"}));
  EXPECT_EQ(members(R"("\",", b)"), (std::vector<std::string>{R"("\",")", "b"}));
  EXPECT_EQ(members(R"("open, b)"), (std::vector<std::string>{R"("open, b)"}));
  EXPECT_EQ(members("\"\\"), (std::vector<std::string>{"\"\\"}));
}

}  // namespace
}  // namespace rondo::proto
