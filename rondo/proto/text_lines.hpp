#pragma once
// Texts that are read line by line.

#include <algorithm>
#include <string_view>

namespace rondo::proto {

/// Cuts the first line off `text`, and gives it without its end: LF, or CR LF.
[[nodiscard]] inline std::string_view take_line(std::string_view& text) noexcept {
  std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace rondo::proto
