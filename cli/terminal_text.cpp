// A character is shown as it is, or each of its bytes as \xNN.

#include "cli/terminal_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/utf8.hpp"

namespace rondo::cli {
namespace {

bool is_harmless(std::string_view sequence, bool valid) noexcept {
  if (!valid) return false;
  return sequence.size() == 1 ? !ascii::is_control(sequence[0]) : !proto::steers_text(sequence);
}

void append_shown(std::string& shown, std::string_view sequence, bool valid) {
  if (is_harmless(sequence, valid)) {
    shown += sequence;
    return;
  }
  for (const char c : sequence) {
    fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(c));
  }
}

/// How many bytes at the front of `text` end a line or a column.
std::size_t layout_length(std::string_view text) noexcept {
  if (text.starts_with("\r\n")) return 2;
  return text.starts_with('\n') || text.starts_with('\t') ? 1 : 0;
}

/// Whether `text`, all that is there, may be the front of something harmless.
bool is_unfinished(std::string_view text, proto::Utf8Sequence first) noexcept {
  if (first.length < text.size()) return false;
  return text == "\r" || (!first.valid && static_cast<unsigned char>(text.front()) >= 0xc0);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto [length, valid] = proto::first_utf8_sequence(text);
    append_shown(shown, text.substr(0, length), valid);
    text.remove_prefix(length);
  }
  return shown;
}

std::string TerminalFilter::take(std::string_view piece) {
  const std::string all = std::exchange(held_, {}).append(piece);
  std::string_view text = all;
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const proto::Utf8Sequence first = proto::first_utf8_sequence(text);
    const std::size_t layout = layout_length(text);
    if (is_unfinished(text, first)) {
      held_ = text;
      break;
    }
    if (layout > 0) {
      shown += text.substr(0, layout);
      text.remove_prefix(layout);
    } else {
      append_shown(shown, text.substr(0, first.length), first.valid);
      text.remove_prefix(first.length);
    }
  }
  return shown;
}

std::string TerminalFilter::finish() {
  return printable(std::exchange(held_, {}));
}

}  // namespace rondo::cli
