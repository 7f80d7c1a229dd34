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
  return sequence.size() == 1 ? !ascii::is_control(sequence[0]) : !proto::steers_text(sequence);
}

}  // namespace

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
