#include "rondo/base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace rondo {
namespace {

enum class Reason { too_long, empty };

Result<std::string, Reason> checked(std::string text) {
  if (text.empty()) return Failure{Reason::empty};
  if (text.size() > 5) return Failure{Reason::too_long};
  return text;
}

TEST(Result, HoldsAValue) {
  auto result = checked("abc");
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result.value(), "abc");
  EXPECT_EQ(*result, "abc");
  EXPECT_EQ(result->size(), 3U);
}

TEST(Result, HoldsAReason) {
  const auto result = checked("abcdef");
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.error(), Reason::too_long);
}

TEST(Result, ThrowsForTheOneThatIsNotThere) {
  auto good = checked("a");
  auto bad = checked("");
  EXPECT_THROW(static_cast<void>(good.error()), std::bad_variant_access);
  EXPECT_THROW(static_cast<void>(bad.value()), std::bad_variant_access);
}

TEST(Result, TellsValueAndReasonOfTheSameTypeApart) {
  const Result<int, int> value = 1;
  const Result<int, int> reason = Failure{2};
  EXPECT_TRUE(value.ok());
  EXPECT_FALSE(reason.ok());
  EXPECT_EQ(reason.error(), 2);
}

TEST(Result, GivesAMoveOnlyValueAway) {
  Result<std::unique_ptr<int>, Reason> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

}  // namespace
}  // namespace rondo
