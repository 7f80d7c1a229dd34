// Nearly all names are plain ASCII and fit as they are; the others are judged character by
// character.

#include "rondo/proto/file_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::proto {
namespace {

constexpr std::size_t kMaxName = 200;  // of the 255 bytes that file systems allow
constexpr std::size_t kMaxExtension = 20;

bool is_forbidden(std::string_view character) noexcept {
  if (character.size() > 1) return steers_text(character);
  const char c = character.front();
  return ascii::is_control(c) || std::string_view("/\\<>:\"|?*").find(c) != std::string_view::npos;
}

// What Windows takes for a device, whatever extension is behind it. (The last three digits are
// superscripts.)
bool names_device(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 6> kDevices = {"con", "prn",    "aux",
                                                               "nul", "conin$", "conout$"};
  std::string_view stem = name.substr(0, name.find('.'));
  while (stem.ends_with(' ')) stem.remove_suffix(1);
  if (stem.size() < 3 || stem.size() > 7) return false;
  const bool is_device = std::any_of(kDevices.begin(), kDevices.end(), [&](std::string_view each) {
    return ascii::equal_ignoring_case(each, stem);
  });
  if (is_device) return true;
  const std::string_view front = stem.substr(0, 3);
  const std::string_view digit = stem.substr(3);
  const bool is_port =
      ascii::equal_ignoring_case(front, "com") || ascii::equal_ignoring_case(front, "lpt");
  if (!is_port) return false;
  if (digit.size() == 1) return ascii::is_digit(digit.front());
  return digit == "\xc2\xb9" || digit == "\xc2\xb2" || digit == "\xc2\xb3";
}

bool is_plain(std::string_view name) noexcept {
  constexpr std::string_view kOthers = "-_+=@,()";
  if (name.empty() || name.front() == '.' || name.back() == '.' || name.size() > kMaxName) {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [kOthers](char c) {
    return ascii::is_alnum(c) || c == '.' || kOthers.find(c) != std::string_view::npos;
  });
}

std::string without_forbidden(std::string_view text) {
  std::string name;
  while (!text.empty()) {
    const auto [length, valid] = first_utf8_sequence(text);
    const std::string_view character = text.substr(0, length);
    name.append(!valid || is_forbidden(character) ? "_" : character);
    text.remove_prefix(length);
  }
  return name;
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

std::optional<std::string> safe_file_name(std::string_view text) {
  std::string name = is_plain(text) ? std::string(text) : without_forbidden(text);
  const std::size_t first = name.find_first_not_of(' ');
  const std::size_t last = name.find_last_not_of(". ");
  if (last == std::string::npos) return std::nullopt;
  if (first > 0 || last + 1 < name.size()) name = name.substr(first, last + 1 - first);
  if (name.front() == '.') name.front() = '_';
  if (names_device(name)) name.insert(name.begin(), '_');
  return fitted(std::move(name));
}

}  // namespace rondo::proto
