// The live line is erased before anything else is written, and drawn again behind it.

#include "cli/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>

namespace rondo::cli {
namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr std::size_t kUsualWidth = 80;

std::size_t width_of(int descriptor) noexcept {
  winsize size{};
  const bool is_known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return is_known ? size.ws_col : kUsualWidth;
}

}  // namespace

Console::Console(int descriptor)
    : descriptor_(descriptor), is_terminal_(::isatty(descriptor) == 1) {}

void Console::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Console::message(std::string_view line) {
  std::string text;
  if (!live_.empty()) text += kEraseLine;
  text += line;
  text += '\n';
  write(text + live_);
}

void Console::show_live(std::string_view line) {
  live_ = line.substr(0, std::min(line.size(), width_of(descriptor_) - 1));
  write(std::string(kEraseLine) + live_);
}

void Console::clear_live() {
  if (!live_.empty()) write(kEraseLine);
  live_.clear();
}

}  // namespace rondo::cli
