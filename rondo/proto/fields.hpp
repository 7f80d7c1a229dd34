#pragma once
// Name-value pairs as an argument: headers, query parameters, form fields.
//
//   session.get(url, {.params = {{"q", query}, {"page", "2"}}, .headers = {{"Accept",
//   "text/csv"}}})
//
// A view and nothing but a view (docs/design.md §10): it owns nothing and is trivially
// destructible, so GCC 12 cannot destroy it twice in an awaiting expression. Whoever takes it
// copies it at once.

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace rondo::proto {

/// One pair. The views must live as long as the call they are passed to.
struct Field {
  std::string_view name;
  std::string_view value;
};

/// Up to `kMaxInline` pairs in braces, or any number of them as a span or vector that the caller
/// owns.
class Fields {
 public:
  static constexpr std::size_t kMaxInline = 12;

  constexpr Fields() noexcept : none_() {}
  constexpr Fields(Field a, Field b = {}, Field c = {}, Field d = {}, Field e = {}, Field f = {},
                   Field g = {}, Field h = {}, Field i = {}, Field j = {}, Field k = {},
                   Field l = {}) noexcept
      : inline_{a, b, c, d, e, f, g, h, i, j, k, l} {
    // Braces cannot be counted; a name is never empty, so the first empty one ends the list.
    while (size_ < kMaxInline && !inline_[size_].name.empty()) ++size_;
  }
  constexpr Fields(std::span<const Field> fields) noexcept
      : none_(), outside_(fields.data()), size_(fields.size()) {}
  // A template, so that braces cannot mean it: {{"name", "value"}} would also be the two iterators
  // of a vector.
  template <std::same_as<std::vector<Field>> Vector>
  Fields(const Vector& fields) noexcept : Fields(std::span<const Field>(fields)) {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr const Field* begin() const noexcept {
    return outside_ != nullptr || size_ == 0 ? outside_ : inline_.data();
  }
  [[nodiscard]] constexpr const Field* end() const noexcept { return begin() + size_; }

 private:
  // Every request has three lists, mostly empty ones: they must not cost the clearing of their
  // room.
  struct None {};
  union {
    None none_;
    std::array<Field, kMaxInline> inline_;
  };
  const Field* outside_ = nullptr;
  std::size_t size_ = 0;
};

static_assert(std::is_trivially_destructible_v<Fields>);

}  // namespace rondo::proto
