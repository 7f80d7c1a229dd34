// Three parts between two apostrophes; only the last is percent-encoded.

#include "rondo/proto/extended_value.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/charset.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

// attr-char.
bool is_plain(char c) noexcept {
  return ascii::is_alnum(c) || std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

// Strictly: a percent sign that two hexadecimal digits do not follow is an error. Bytes that ought
// to have been encoded and are harmless are taken.
std::optional<std::string> decode_bytes(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes.push_back(text[i]);
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = ascii::hex_value(text[i + 1]);
    const int low = ascii::hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return bytes;
}

}  // namespace

std::optional<std::string> decode_extended_value(std::string_view value) {
  const std::size_t first = value.find('\'');
  if (first == std::string_view::npos || first == 0) return std::nullopt;
  const std::size_t second = value.find('\'', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view charset = value.substr(0, first);
  auto bytes = decode_bytes(value.substr(second + 1));
  if (!bytes) return std::nullopt;
  if (ascii::equal_ignoring_case(charset, "UTF-8") && !is_valid_utf8(*bytes)) return std::nullopt;
  auto text = decode_text(*std::move(bytes), charset);
  if (!text) return std::nullopt;
  return std::move(text).value();
}

std::string encode_extended_value(std::string_view text) {
  std::string out = "UTF-8''";
  for (const char c : text) {
    if (is_plain(c)) {
      out.push_back(c);
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace rondo::proto
