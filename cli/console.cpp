// The live lines are erased before anything else is written, and drawn again below it, in one
// write. A terminal that was made narrower has broken them anew, and their rows are counted
// accordingly.

#include "cli/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "cli/terminal_width.hpp"

namespace rondo::cli {
namespace {

constexpr std::string_view kEraseBelow = "\x1b[J";

std::string_view variable(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool can_be_steered(int descriptor) noexcept {
  const std::string_view terminal = variable("TERM");
  return ::isatty(descriptor) == 1 && !terminal.empty() && terminal != "dumb";
}

}  // namespace

Console::Console(int descriptor)
    : descriptor_(descriptor),
      is_live_(can_be_steered(descriptor)),
      has_colours_(is_live_ && variable("NO_COLOR").empty()) {}

TerminalSize Console::size() const noexcept {
  winsize size{};
  if (::ioctl(descriptor_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {size.ws_col, size.ws_row};
}

void Console::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string Console::erasure() const {
  if (shown_.empty()) return {};
  const std::size_t width = size().columns;
  std::size_t rows = 0;
  for (const LiveLine& line : shown_) {
    const std::size_t columns = columns_of(line.text);
    rows += columns == 0 ? 1 : (columns + width - 1) / width;
  }
  return fmt::format("\r\x1b[{}A{}", rows, kEraseBelow);
}

std::string Console::drawing() const {
  std::string text;
  for (const LiveLine& line : shown_) {
    text += has_colours_ && !line.coloured.empty() ? line.coloured : line.text;
    text += '\n';
  }
  return text;
}

void Console::message(std::string_view line) {
  std::string text = erasure();
  text += line;
  text += '\n';
  text += drawing();
  write(text);
}

void Console::show_live(const std::vector<LiveLine>& lines) {
  std::string text = erasure();
  shown_ = lines;
  text += drawing();
  write(text);
}

void Console::clear_live() {
  write(erasure());
  shown_.clear();
}

}  // namespace rondo::cli
