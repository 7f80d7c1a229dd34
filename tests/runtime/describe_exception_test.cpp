#include "rondo/runtime/describe_exception.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "rondo/base/error.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo {
namespace {

TEST(DescribeException, NamesTheClassAndTheMessage) {
  EXPECT_EQ(detail::describe(std::make_exception_ptr(std::invalid_argument("stod"))),
            "std::invalid_argument: stod");
  EXPECT_EQ(detail::describe(std::make_exception_ptr(TimeoutError("timed out after 1 s"))),
            "rondo::TimeoutError: timed out after 1 s");
}

TEST(DescribeException, DescribesWhatIsNoStandardException) {
  EXPECT_EQ(detail::describe(std::make_exception_ptr(Cancelled())), "cancelled");
  EXPECT_EQ(detail::describe(std::make_exception_ptr(42)), "int");
  EXPECT_EQ(detail::describe(nullptr), "no error");
}

}  // namespace
}  // namespace rondo
