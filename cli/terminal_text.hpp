#pragma once
// Text of servers and input files, made safe to show.

#include <string>
#include <string_view>

namespace rondo::cli {

/// `text` as one line that cannot steer a terminal: control characters (those above 127, and those
/// that turn the direction of writing, too) and bytes that are not UTF-8 become \xNN.
[[nodiscard]] std::string printable(std::string_view text);

/// Does the same for a body that comes in pieces, but leaves it its lines and tabs.
class TerminalFilter {
 public:
  /// What can be shown now that `piece` has come.
  [[nodiscard]] std::string take(std::string_view piece);

  /// What was held back for a piece that did not come.
  [[nodiscard]] std::string finish();

 private:
  std::string held_;  // the beginning of a character, or of the end of a line
};

}  // namespace rondo::cli
