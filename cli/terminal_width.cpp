// The C library's table, asked in a locale of its own: that of the user may know no wide
// characters.

#include "cli/terminal_width.hpp"

#include <locale.h>
#include <wchar.h>

#include <vector>

#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

/// The locale in which `wcwidth` knows all characters; null where the system does not have it.
locale_t width_locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

struct Character {
  std::string_view bytes;
  std::size_t columns = 1;
};

/// The characters of `text` with what combines with them.
std::vector<Character> characters_of(std::string_view text) {
  const locale_t before = width_locale() != nullptr ? ::uselocale(width_locale()) : nullptr;
  std::vector<Character> characters;
  while (!text.empty()) {
    const std::size_t length = proto::first_utf8_sequence(text).length;
    const int width = ::wcwidth(static_cast<wchar_t>(proto::code_point_of(text.substr(0, length))));
    if (width == 0 && !characters.empty()) {
      std::string_view& bytes = characters.back().bytes;
      bytes = {bytes.data(), bytes.size() + length};
    } else {
      characters.push_back(
          {text.substr(0, length), static_cast<std::size_t>(width < 0 ? 1 : width)});
    }
    text.remove_prefix(length);
  }
  if (before != nullptr) ::uselocale(before);
  return characters;
}

std::size_t sum_of(const std::vector<Character>& characters) noexcept {
  std::size_t sum = 0;
  for (const Character& character : characters) sum += character.columns;
  return sum;
}

/// As many of the first characters as fit.
template <class Iterator>
std::vector<Character> as_fit(Iterator begin, const Iterator& end, std::size_t columns) {
  std::vector<Character> taken;
  for (; begin != end && begin->columns <= columns; ++begin) {
    columns -= begin->columns;
    taken.push_back(*begin);
  }
  return taken;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return sum_of(characters_of(text));
}

std::string cut_end(std::string_view text, std::size_t columns) {
  const auto all = characters_of(text);
  if (sum_of(all) <= columns) return std::string(text);
  const std::string_view dots = std::string_view("...").substr(0, columns);
  std::string cut;
  for (const Character& c : as_fit(all.begin(), all.end(), columns - dots.size())) cut += c.bytes;
  return cut.append(dots);
}

std::string cut_middle(std::string_view text, std::size_t columns) {
  const auto all = characters_of(text);
  if (sum_of(all) <= columns || columns < 12) return cut_end(text, columns);
  const std::size_t in_front = (columns - 3) * 2 / 3;
  const auto front = as_fit(all.begin(), all.end(), in_front);
  const auto back = as_fit(all.rbegin(), all.rend(), columns - 3 - sum_of(front));
  std::string cut;
  for (const Character& character : front) cut += character.bytes;
  cut += "...";
  for (auto it = back.rbegin(); it != back.rend(); ++it) cut += it->bytes;
  return cut;
}

}  // namespace rondo::cli
