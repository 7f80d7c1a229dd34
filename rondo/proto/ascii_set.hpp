#pragma once
// A set of ASCII characters in two words, to search a text for any of them. (The standard library's
// find_first_of calls memchr for every character of the text.)

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rondo::proto {

class AsciiSet {
 public:
  /// `members` are ASCII.
  constexpr explicit AsciiSet(std::string_view members) noexcept {
    for (const char c : members) words_[index_of(c)] |= bit_of(c);
  }

  [[nodiscard]] constexpr bool contains(char c) const noexcept {
    return static_cast<unsigned char>(c) < 0x80 && (words_[index_of(c)] & bit_of(c)) != 0;
  }

  /// Where the first member is in `text`, or npos.
  [[nodiscard]] constexpr std::size_t find_in(std::string_view text) const noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (contains(text[i])) return i;
    }
    return std::string_view::npos;
  }

 private:
  static constexpr std::size_t index_of(char c) noexcept {
    return static_cast<unsigned char>(c) >> 6 & 1U;
  }
  static constexpr std::uint64_t bit_of(char c) noexcept {
    return std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
  }

  std::uint64_t words_[2] = {};
};

}  // namespace rondo::proto
