#include "rondo/base/recycled.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rondo {
namespace {

struct Text {
  std::string text;
  void clear() noexcept { text.clear(); }
};

TEST(Recycled, BeginsClearedWithTheMemoryOfAnEarlierOne) {
  if (!kRecyclesMemory) GTEST_SKIP() << "under AddressSanitizer memory is given back";
  const std::string long_text(1000, 'x');
  RecycledPtr<Text> first = make_recycled<Text>();
  first->text = long_text;
  const char* const memory = first->text.data();
  first.reset();
  const RecycledPtr<Text> second = make_recycled<Text>();
  EXPECT_TRUE(second->text.empty());
  EXPECT_EQ(second->text.data(), memory);
  const RecycledPtr<Text> third = make_recycled<Text>();
  EXPECT_NE(third.get(), second.get());
}

TEST(Recycled, MayBeMoreThanAreKept) {
  std::vector<RecycledPtr<Text>> many(1000);
  for (auto& one : many) one = make_recycled<Text>();
  many.clear();  // LeakSanitizer sees what is lost
  EXPECT_TRUE(make_recycled<Text>()->text.empty());
}

TEST(Recycled, TextsKeepTheirMemoryUnlessItIsLarge) {
  if (!kRecyclesMemory) GTEST_SKIP() << "under AddressSanitizer memory is given back";
  const auto kept_after = [](std::size_t size) {
    auto text = make_recycled<RecycledText>();
    text->text = std::string(size, 'x');
    text.reset();
    return make_recycled<RecycledText>()->text.capacity();
  };
  EXPECT_EQ(kept_after(4096), 4096U);
  EXPECT_EQ(kept_after(4097), std::string().capacity());
}

}  // namespace
}  // namespace rondo
