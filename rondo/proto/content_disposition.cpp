// Names are judged character by character, after they have been decoded: %2F in `filename*` is a
// slash like any other.

#include "rondo/proto/content_disposition.hpp"

#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/extended_value.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kMaxName = 200;  // of the 255 bytes that file systems allow
constexpr std::size_t kMaxExtension = 20;

// U+0080 to U+009F, and the marks that reorder text: U+200E, U+200F, U+202A to U+202E, U+2066 to
// U+2069.
bool is_unseen(std::string_view character) noexcept {
  if (character.size() == 2) return character[0] == '\xc2' && (character[1] & 0x20) == 0;
  if (character.size() != 3 || character[0] != '\xe2') return false;
  const auto last = static_cast<unsigned char>(character[2]);
  if (character[1] == '\x80') return last == 0x8e || last == 0x8f || (last >= 0xaa && last <= 0xae);
  return character[1] == '\x81' && last >= 0xa6 && last <= 0xa9;
}

bool is_forbidden(std::string_view character) noexcept {
  if (character.size() > 1) return is_unseen(character);
  const char c = character.front();
  return ascii::is_control(c) || std::string_view("/\\<>:\"|?*").find(c) != std::string_view::npos;
}

// The longest front of `name` that has at most `size` bytes and does not cut a character.
std::string_view shortened(std::string_view name, std::size_t size) noexcept {
  std::size_t length = 0;
  while (length < name.size()) {
    const std::size_t next = length + first_utf8_sequence(name.substr(length)).length;
    if (next > size) break;
    length = next;
  }
  return name.substr(0, length);
}

std::string fitted(std::string name) {
  if (name.size() <= kMaxName) return name;
  const std::size_t dot = name.rfind('.');
  const std::string extension =
      dot != std::string::npos && name.size() - dot <= kMaxExtension ? name.substr(dot) : "";
  const std::string_view stem = std::string_view(name).substr(0, name.size() - extension.size());
  return std::string(shortened(stem, kMaxName - extension.size())) + extension;
}

}  // namespace

std::optional<ContentDisposition> ContentDisposition::parse(std::string_view field) {
  std::string_view rest = ascii::trim(field);
  const std::string_view type = ascii::trim(take_until(rest, ";"));
  if (!is_token(type)) return std::nullopt;
  ContentDisposition result{ascii::lowered(type), {}};
  while (!rest.empty()) {
    rest.remove_prefix(1);
    std::optional<FieldParameter> parameter = take_parameter(rest);
    if (parameter && !result.parameter(parameter->name)) {
      result.parameters.push_back(*std::move(parameter));
    }
  }
  return result;
}

std::optional<std::string_view> ContentDisposition::parameter(
    std::string_view name) const noexcept {
  for (const FieldParameter& each : parameters) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

std::optional<std::string> ContentDisposition::filename() const {
  if (const auto extended = parameter("filename*")) {
    if (auto decoded = decode_extended_value(*extended)) return decoded;
  }
  const auto plain = parameter("filename");
  if (!plain) return std::nullopt;
  return utf8_or_latin1(*plain);
}

std::optional<std::string> ContentDisposition::safe_filename() const {
  const std::optional<std::string> given = filename();
  if (!given) return std::nullopt;
  std::string_view rest = *given;
  rest.remove_prefix(rest.find_last_of("/\\") + 1);  // npos + 1 is 0
  std::string name;
  while (!rest.empty()) {
    const std::string_view character = rest.substr(0, first_utf8_sequence(rest).length);
    name.append(is_forbidden(character) ? "_" : character);
    rest.remove_prefix(character.size());
  }
  const std::size_t first = name.find_first_not_of(' ');
  const std::size_t last = name.find_last_not_of(". ");
  if (last == std::string::npos) return std::nullopt;
  name = name.substr(first, last + 1 - first);
  if (name.front() == '.') name.front() = '_';
  return fitted(std::move(name));
}

}  // namespace rondo::proto
