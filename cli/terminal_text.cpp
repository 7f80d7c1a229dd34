// A character is shown as it is, or each of its bytes as \xNN.

#include "cli/terminal_text.hpp"

#include <fmt/format.h>

#include <iterator>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

bool is_harmless(std::string_view sequence, bool valid) noexcept {
  if (!valid) return false;
  return sequence.size() == 1 ? !ascii::is_control(sequence[0]) : !steers_terminal(sequence);
}

}  // namespace

bool steers_terminal(std::string_view sequence) noexcept {
  // U+2028 and U+2029 separate lines; U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069 are of
  // the direction.
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]); };
  if (sequence.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  if (sequence.size() != 3 || byte(0) != 0xe2) return false;
  if (byte(1) == 0x80)
    return byte(2) == 0x8e || byte(2) == 0x8f || (byte(2) >= 0xa8 && byte(2) <= 0xae);
  return byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto [length, valid] = proto::first_utf8_sequence(text);
    const std::string_view sequence = text.substr(0, length);
    if (is_harmless(sequence, valid)) {
      shown += sequence;
    } else {
      for (const char c : sequence) {
        fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(c));
      }
    }
    text.remove_prefix(length);
  }
  return shown;
}

}  // namespace rondo::cli
