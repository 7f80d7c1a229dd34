#include "rondo/base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <type_traits>

namespace rondo {
namespace {

TEST(Error, KeepsItsMessageAndItsDetails) {
  const Error error("one line", "and\nmore");
  EXPECT_STREQ(error.what(), "one line");
  EXPECT_EQ(error.details(), "and\nmore");
  EXPECT_EQ(Error("alone").details(), "");
}

TEST(Error, ACopyOutlivesTheOriginal) {
  std::exception_ptr kept;
  try {
    const std::string message(1000, 'x');
    throw Error(message);
  } catch (const Error& error) {
    kept = std::make_exception_ptr(error);
  }
  try {
    std::rethrow_exception(kept);
  } catch (const std::exception& error) {
    EXPECT_EQ(std::string(error.what()), std::string(1000, 'x'));
  }
}

TEST(OsError, SaysWhatWasTriedAndWhyItFailed) {
  const OsError error(ENOENT, "open out/a.html");
  EXPECT_STREQ(error.what(), "cannot open out/a.html: No such file or directory");
  EXPECT_EQ(error.code(), ENOENT);
}

}  // namespace
}  // namespace rondo
