#include "rondo/base/resize_for_overwrite.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace rondo {
namespace {

TEST(ResizeForOverwrite, KeepsWhatIsThereAndGivesRoomBehindIt) {
  std::string text = "begun";
  resize_for_overwrite(text, 1000);
  ASSERT_EQ(text.size(), 1000U);
  EXPECT_TRUE(text.starts_with("begun"));
  EXPECT_EQ(text.c_str()[1000], '\0');
  text.replace(5, 995, std::string(995, 'x'));
  resize_for_overwrite(text, 7);
  EXPECT_EQ(text, "begunxx");
  EXPECT_EQ(text.c_str()[7], '\0');
}

TEST(ResizeForOverwrite, IsExactAlsoWhereTheCapacityGrowsFurther) {
  for (std::size_t size = 1; size < 200; ++size) {
    std::string text = "begun";
    resize_for_overwrite(text, size);
    EXPECT_EQ(text.size(), size);
    resize_for_overwrite(text, size + 1);
    EXPECT_EQ(text.size(), size + 1);
  }
}

TEST(ResizeForOverwrite, DoesNotWriteWhatIsNew) {
  std::string text(1000, 'x');
  text.resize(10);
  const char* const memory = text.data();
  resize_for_overwrite(text, 1000);
  ASSERT_EQ(text.data(), memory);
  // What had been there before is there yet, but for the end of the shorter text.
  EXPECT_EQ(text.substr(11), std::string(989, 'x'));
}

TEST(ResizeForOverwrite, RefusesWhatNoStringCanHold) {
  std::string text = "kept";
  EXPECT_THROW(resize_for_overwrite(text, text.max_size() + 1), std::length_error);
  EXPECT_EQ(text, "kept");
}

}  // namespace
}  // namespace rondo
