// Most lookups are for what is not there, and end with one look at the marks. Others walk the
// entries: there are a dozen of them, and comparing sizes first leaves about one name to look at.
// Changes append to the text and leave the old bytes behind; once those are the larger part, the
// text is written anew.

#include "rondo/proto/header_map.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kMaxText = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kMinUnused = 1024;

// Most peers spell a name as we do, and comparing memory is several times cheaper.
bool same_name(std::string_view a, std::string_view b) noexcept {
  return a == b || ascii::equal_ignoring_case(a, b);
}

}  // namespace

HeaderMap::HeaderMap(const Fields& fields) {
  std::size_t bytes = 0;
  for (const Field& field : fields) bytes += field.name.size() + field.value.size();
  reserve(fields.size(), bytes);
  for (const Field& field : fields) add(field.name, field.value);
}

void HeaderMap::add(std::string_view name, std::string_view value) {
  const std::uint32_t at = store(name, value);
  const auto name_size = static_cast<std::uint32_t>(name.size());
  marks_ |= mark_of({text_.data() + at, name_size});
  entries_.push_back({at, name_size, at + name_size, static_cast<std::uint32_t>(value.size())});
}

void HeaderMap::set(std::string_view name, std::string_view value) {
  const std::size_t index = find(name, 0);
  if (index == entries_.size()) return add(name, value);
  erase_from(name, index + 1);  // before the text moves: `name` may lie in it
  const std::uint32_t at = store({}, value);
  Entry& entry = entries_[index];
  unused_ += entry.value_size;
  entry.value_at = at;
  entry.value_size = static_cast<std::uint32_t>(value.size());
  drop_unused_text();
}

std::size_t HeaderMap::remove(std::string_view name) {
  const std::size_t removed = erase_from(name, 0);
  drop_unused_text();
  return removed;
}

void HeaderMap::clear() noexcept {
  text_.clear();
  entries_.clear();
  marks_ = 0;
  unused_ = 0;
  is_section_ = false;
}

void HeaderMap::swap(HeaderMap& other) noexcept {
  text_.swap(other.text_);
  entries_.swap(other.entries_);
  std::swap(marks_, other.marks_);
  std::swap(unused_, other.unused_);
  std::swap(is_section_, other.is_section_);
  std::swap(framing_, other.framing_);
}

void HeaderMap::reserve(std::size_t fields, std::size_t bytes) {
  entries_.reserve(fields);
  text_.reserve(bytes);
}

std::vector<std::string_view> HeaderMap::get_all(std::string_view name) const {
  std::vector<std::string_view> values;
  for_each(name, [&](std::string_view value) { values.push_back(value); });
  return values;
}

std::optional<std::string> HeaderMap::combine(std::string_view name) const {
  std::optional<std::string> list;
  for_each(name, [&](std::string_view value) {
    if (list) {
      list->append(", ").append(value);
    } else {
      list.emplace(value);
    }
  });
  return list;
}

bool HeaderMap::has_token(std::string_view name, std::string_view token) const noexcept {
  for (std::size_t i = find(name, 0); i < entries_.size(); i = find(name, i + 1)) {
    std::string_view rest = (*this)[i].value;
    while (!rest.empty()) {
      if (ascii::equal_ignoring_case(next_list_member(rest), token)) return true;
    }
  }
  return false;
}

std::size_t HeaderMap::find(std::string_view name, std::size_t from) const noexcept {
  const std::size_t size = entries_.size();
  const Entry* const entries = entries_.data();
  for (std::size_t i = from; i < size; ++i) {
    if (entries[i].name_size == name.size() && same_name((*this)[i].name, name)) return i;
  }
  return size;
}

std::uint32_t HeaderMap::store(std::string_view first, std::string_view second) {
  is_section_ = false;
  const std::size_t at = text_.size();
  if (first.size() > kMaxText - at || second.size() > kMaxText - at - first.size()) {
    throw std::length_error("HeaderMap: more than 4 GiB of names and values");
  }
  const std::size_t total = at + first.size() + second.size();
  if (total <= text_.capacity()) {
    text_.append(first).append(second);
  } else {
    // The arguments may lie in the old text, so that one has to live until they are copied.
    std::string grown;
    grown.reserve(std::max(total, 2 * text_.capacity()));
    grown.append(text_).append(first).append(second);
    text_.swap(grown);
  }
  return static_cast<std::uint32_t>(at);
}

std::size_t HeaderMap::erase_from(std::string_view name, std::size_t from) {
  const auto gone = [&](const Entry& entry) {
    if (entry.name_size != name.size()) return false;
    if (!same_name({text_.data() + entry.name_at, entry.name_size}, name)) return false;
    unused_ += entry.name_size + entry.value_size;
    return true;
  };
  const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto kept = std::remove_if(begin, entries_.end(), gone);
  const auto removed = static_cast<std::size_t>(entries_.end() - kept);
  if (removed > 0) is_section_ = false;
  entries_.erase(kept, entries_.end());
  return removed;
}

void HeaderMap::drop_unused_text() {
  if (unused_ < kMinUnused || unused_ < text_.size() / 2) return;
  std::size_t used = 0;
  for (const Entry& entry : entries_) used += entry.name_size + entry.value_size;
  HeaderMap packed;
  packed.reserve(entries_.size(), used);
  for (const Field field : *this) packed.add(field.name, field.value);
  *this = std::move(packed);
}

}  // namespace rondo::proto
