#include "rondo/base/long_lived.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "rondo/base/recycled.hpp"

namespace rondo {
namespace {

struct Base {
  virtual ~Base() = default;
};

struct Kept final : Base, LongLived {
  std::array<char, 200> bytes{};
};

using Objects = std::vector<std::unique_ptr<Base>>;

std::uintptr_t address_of(const std::unique_ptr<Base>& object) {
  return reinterpret_cast<std::uintptr_t>(object.get());
}

TEST(LongLived, LiesSideBySideWhateverIsAllocatedBetween) {
  if (!kRecyclesMemory) GTEST_SKIP() << "under AddressSanitizer memory comes from the heap";
  constexpr std::size_t kCount = 1000;
  Objects objects;
  std::vector<std::string> others;
  for (std::size_t i = 0; i < kCount; ++i) {
    objects.push_back(std::make_unique<Kept>());
    others.emplace_back(3000, 'x');
  }
  std::vector<std::uintptr_t> pages;
  for (const auto& object : objects) pages.push_back(address_of(object) / 4096);
  std::sort(pages.begin(), pages.end());
  const auto count = std::unique(pages.begin(), pages.end()) - pages.begin();
  // Sixteen fit in a page; a few pages are shared with something else.
  EXPECT_LT(count, kCount / 8);
}

TEST(LongLived, BeginsWhereAnotherHasEnded) {
  if (!kRecyclesMemory) GTEST_SKIP() << "under AddressSanitizer memory is given back";
  std::unique_ptr<Base> object = std::make_unique<Kept>();
  const std::uintptr_t address = address_of(object);
  object.reset();
  object = std::make_unique<Kept>();
  EXPECT_EQ(address_of(object), address);
}

TEST(LongLived, EndsOnAnyThread) {
  Objects objects;
  for (int i = 0; i < 100; ++i) objects.push_back(std::make_unique<Kept>());
  std::thread([&] { objects.clear(); }).join();
  for (int i = 0; i < 100; ++i) objects.push_back(std::make_unique<Kept>());
  EXPECT_EQ(objects.size(), 100U);  // the sanitizers see the rest
}

}  // namespace
}  // namespace rondo
