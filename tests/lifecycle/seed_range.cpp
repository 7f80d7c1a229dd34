// GCC and Clang tell the sanitizer by different macros.

#include "seed_range.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace rondo::lifecycle {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RONDO_IS_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RONDO_IS_SANITIZED 1
#endif

#ifdef RONDO_IS_SANITIZED
constexpr std::uint64_t kShare = 4;
#else
constexpr std::uint64_t kShare = 1;
#endif

}  // namespace

SeedRange chosen_seeds(SeedRange planned) {
  const char* chosen = std::getenv("RONDO_SEEDS");
  if (chosen == nullptr) return {planned.first, planned.count / kShare};
  const std::string_view text = chosen;
  SeedRange range{.first = 0, .count = 1};
  const auto first = std::from_chars(text.data(), text.data() + text.size(), range.first);
  if (first.ptr == text.data() + text.size()) return range;
  std::uint64_t last = range.first;
  std::from_chars(first.ptr + 1, text.data() + text.size(), last);
  range.count = last - range.first + 1;
  return range;
}

}  // namespace rondo::lifecycle
