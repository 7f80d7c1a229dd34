#include "rondo/proto/ascii_set.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace rondo::proto {
namespace {

TEST(AsciiSet, HoldsItsMembersAndNothingElse) {
  constexpr std::string_view kMembers("\0 /?@~\x7f", 7);
  constexpr AsciiSet kSet(kMembers);
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(kSet.contains(c), kMembers.find(c) != std::string_view::npos) << byte;
  }
}

TEST(AsciiSet, FindsTheFirstMember) {
  constexpr AsciiSet kSet("?#");
  EXPECT_EQ(kSet.find_in("ab#c?"), 2U);
  EXPECT_EQ(kSet.find_in("?"), 0U);
  EXPECT_EQ(kSet.find_in("abc"), std::string_view::npos);
  EXPECT_EQ(kSet.find_in(""), std::string_view::npos);
}

}  // namespace
}  // namespace rondo::proto
