#pragma once
// The fields of a request or a response.
//
//   HeaderMap headers;
//   headers.add("Accept", "text/csv");
//   if (auto type = headers.get("content-type")) ...
//   for (auto [name, value] : headers) ...
//
// Order and spelling are kept, names compare without regard to case, a name may be there several
// times. All names and values live in one block of text with small entries beside it, so a field
// costs no allocation of its own.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/fields.hpp"
#include "rondo/proto/framing_fields.hpp"

namespace rondo::proto {

/// An ordered multimap of header fields. Nothing is checked here: what is sent is checked when it
/// is written (http1_request.hpp), what is received when it is parsed.
///
/// Every view it gives lives until the map is changed, moved or destroyed. Arguments may be views
/// into the map itself. One thread at a time; several may read. Names and values together are
/// limited to 4 GiB: past that `std::length_error`.
class HeaderMap {
 public:
  /// Walks the fields in order; gives each as a `Field` by value.
  class Iterator {
   public:
    using value_type = Field;
    using difference_type = std::ptrdiff_t;
    using reference = Field;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;

    Iterator() noexcept = default;
    Field operator*() const noexcept { return (*map_)[index_]; }
    Iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    Iterator operator++(int) noexcept {
      Iterator before = *this;
      ++index_;
      return before;
    }
    bool operator==(const Iterator&) const noexcept = default;

   private:
    friend class HeaderMap;
    Iterator(const HeaderMap* map, std::size_t index) noexcept : map_(map), index_(index) {}

    const HeaderMap* map_ = nullptr;
    std::size_t index_ = 0;
  };

  HeaderMap() = default;
  /// Copies `fields` in their order.
  explicit HeaderMap(const Fields& fields);

  /// Appends a field; others of that name stay.
  void add(std::string_view name, std::string_view value);

  /// Makes `value` the only value of `name`: the first field of that name keeps its place and its
  /// spelling, the others go. Without one the field is appended.
  void set(std::string_view name, std::string_view value);

  /// Removes every field of that name and returns how many there were.
  std::size_t remove(std::string_view name);

  /// Removes all fields and keeps the memory.
  void clear() noexcept;

  /// Exchanges fields and memory.
  void swap(HeaderMap& other) noexcept;

  /// How many bytes it holds, in use or not.
  [[nodiscard]] std::size_t memory() const noexcept {
    return text_.capacity() + entries_.capacity() * sizeof(Entry);
  }

  /// Makes room for `fields` fields with `bytes` bytes of names and values in all.
  void reserve(std::size_t fields, std::size_t bytes);

  [[nodiscard]] bool contains(std::string_view name) const noexcept {
    return may_contain(name) && find(name, 0) < entries_.size();
  }

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept {
    if (!may_contain(name)) return std::nullopt;
    const std::size_t index = find(name, 0);
    if (index == entries_.size()) return std::nullopt;
    return (*this)[index].value;
  }

  /// All values of that name, in order.
  [[nodiscard]] std::vector<std::string_view> get_all(std::string_view name) const;

  /// Calls `visit(std::string_view value)` for each value of that name, in order. `visit` must not
  /// change the map.
  template <class Visit>
  void for_each(std::string_view name, Visit&& visit) const {
    if (!may_contain(name)) return;
    for (std::size_t i = find(name, 0); i < entries_.size(); i = find(name, i + 1)) {
      visit((*this)[i].value);
    }
  }

  /// All values of that name as the one list they stand for, joined by ", " (RFC 9110 §5.3). Not
  /// for Set-Cookie, whose values hold commas of their own.
  [[nodiscard]] std::optional<std::string> combined(std::string_view name) const {
    if (!may_contain(name)) return std::nullopt;
    return combine(name);
  }

  /// Whether `token` is a member of the list that the fields of that name make up, without regard
  /// to case: `contains_token("Connection", "close")`.
  [[nodiscard]] bool contains_token(std::string_view name, std::string_view token) const noexcept {
    return may_contain(name) && has_token(name, token);
  }

  /// The field at `index`, which must be below `size()`.
  [[nodiscard]] Field operator[](std::size_t index) const noexcept {
    const Entry& entry = entries_[index];
    return {{text_.data() + entry.name_at, entry.name_size},
            {text_.data() + entry.value_at, entry.value_size}};
  }

  /// The size of the name at `index`, for who looks for names of certain sizes only.
  [[nodiscard]] std::size_t name_size(std::size_t index) const noexcept {
    return entries_[index].name_size;
  }

  /// What the fields say of where their message ends. Costs no look at them as long as they are as
  /// they were received: of the same lines it is known from before.
  [[nodiscard]] FramingFields framing_fields() const {
    return is_section_ ? framing_ : read_framing_fields(*this);
  }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {this, entries_.size()}; }

 private:
  // Fills text_ with the head as it came, in one copy, and lays the entries over it.
  friend class FieldSectionReader;

  struct Entry {
    std::uint32_t name_at;
    std::uint32_t name_size;
    std::uint32_t value_at;
    std::uint32_t value_size;
  };

  /// One of 64 marks, by which most names that are not there are told from those that are.
  static constexpr std::uint64_t mark_of(std::string_view name) noexcept {
    const auto first = static_cast<unsigned char>(name.empty() ? '\0' : name.front() | 0x20);
    return std::uint64_t{1} << ((name.size() * 5 + first) & 63U);
  }
  [[nodiscard]] bool may_contain(std::string_view name) const noexcept {
    return (marks_ & mark_of(name)) != 0;
  }

  [[nodiscard]] std::size_t find(std::string_view name, std::size_t from) const noexcept;
  [[nodiscard]] std::optional<std::string> combine(std::string_view name) const;
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const noexcept;
  std::uint32_t store(std::string_view first, std::string_view second);
  std::size_t erase_from(std::string_view name, std::size_t from);
  void drop_unused_text();

  std::string text_;
  std::vector<Entry> entries_;
  std::uint64_t marks_ = 0;  // of the names that are there, or were
  std::size_t unused_ = 0;   // bytes of text_ that removed fields have left behind
  bool is_section_ = false;  // text_ is a section as it came, whose lines the entries lie in
  FramingFields framing_;    // of that section
};

}  // namespace rondo::proto
