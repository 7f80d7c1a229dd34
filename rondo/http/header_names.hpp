#pragma once
// Names of fields that a session would add by itself, as an argument.
//
//   session.get(url, {.skip_auto_headers = {"User-Agent", "Accept"}})

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <type_traits>

#include "rondo/base/ascii.hpp"

namespace rondo::http {

/// Up to four, since there are no more such fields. A view (docs/design.md §10).
class HeaderNames {
 public:
  constexpr HeaderNames() noexcept = default;
  constexpr HeaderNames(std::string_view a, std::string_view b = {}, std::string_view c = {},
                        std::string_view d = {}) noexcept
      : names_{a, b, c, d} {
    // Braces cannot be counted; a name is never empty, so the first empty one ends the list.
    while (size_ < names_.size() && !names_[size_].empty()) ++size_;
  }

  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr const std::string_view* begin() const noexcept { return names_.data(); }
  [[nodiscard]] constexpr const std::string_view* end() const noexcept { return begin() + size_; }

 private:
  std::array<std::string_view, 4> names_ = {};
  std::size_t size_ = 0;
};

static_assert(std::is_trivially_destructible_v<HeaderNames>);

/// Whether `name` is among `names`, in whatever case.
template <class Names>
[[nodiscard]] bool has_name(const Names& names, std::string_view name) noexcept {
  return std::any_of(std::begin(names), std::end(names), [name](std::string_view one) {
    return ascii::equal_ignoring_case(one, name);
  });
}

}  // namespace rondo::http
