#include "rondo/runtime/outcome.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace rondo {
namespace {

TEST(Outcome, IsEmptyUntilSomethingHasEnded) {
  const Outcome<int> outcome;
  EXPECT_FALSE(outcome.has_ended());
  EXPECT_FALSE(outcome.ok());
  EXPECT_TRUE(outcome.error() == nullptr);
  EXPECT_THROW(static_cast<void>(outcome.value()), std::bad_optional_access);
}

TEST(Outcome, HoldsAValue) {
  Outcome<std::string> outcome;
  outcome.set_value(3, 'x');
  EXPECT_TRUE(outcome.has_ended());
  EXPECT_TRUE(static_cast<bool>(outcome));
  EXPECT_EQ(outcome.value(), "xxx");
  EXPECT_EQ(std::as_const(outcome).value(), "xxx");
  EXPECT_TRUE(outcome.error() == nullptr);
}

TEST(Outcome, HoldsAnException) {
  Outcome<int> outcome;
  outcome.set_error(std::make_exception_ptr(std::runtime_error("bad")));
  EXPECT_TRUE(outcome.has_ended());
  EXPECT_FALSE(outcome.ok());
  EXPECT_THROW(outcome.value(), std::runtime_error);
  EXPECT_THROW(static_cast<void>(std::as_const(outcome).value()), std::runtime_error);
  EXPECT_THROW(static_cast<void>(std::move(outcome).value()), std::runtime_error);
}

TEST(Outcome, GivesAMoveOnlyValueAway) {
  Outcome<std::unique_ptr<int>> outcome;
  outcome.set_value(std::make_unique<int>(4));
  const std::unique_ptr<int> taken = std::move(outcome).value();
  EXPECT_EQ(*taken, 4);
}

TEST(Outcome, OfVoidHoldsThatItEnded) {
  Outcome<void> outcome;
  outcome.set_value();
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.value(), std::monostate());
}

TEST(Outcome, TellsAnExceptionFromAValueOfThatType) {
  Outcome<std::exception_ptr> value;
  value.set_value(std::make_exception_ptr(1));
  EXPECT_TRUE(value.ok());
  Outcome<std::exception_ptr> error;
  error.set_error(std::make_exception_ptr(1));
  EXPECT_FALSE(error.ok());
}

}  // namespace
}  // namespace rondo
