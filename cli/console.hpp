#pragma once
// Standard error: messages, and live lines below them if it is a terminal that can be steered.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::cli {

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// A line of the live display: what it shows, and with colours in it.
struct LiveLine {
  std::string text;
  std::string coloured;  ///< the same text with escape sequences; empty: it has none
};

/// Writes at once, and never fails: there is nobody left to tell. The cursor is never hidden and
/// always below what was written, so that the terminal is in order wherever the process ends.
class Console {
 public:
  explicit Console(int descriptor = 2);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console() { clear_live(); }

  /// Whether it is a terminal on which lines can be taken back; one called "dumb" is none.
  [[nodiscard]] bool is_live() const noexcept { return is_live_; }

  /// Whether it has colours, and NO_COLOR (no-color.org) does not forbid them.
  [[nodiscard]] bool has_colours() const noexcept { return has_colours_; }

  /// As it is now: the user may have changed it.
  [[nodiscard]] TerminalSize size() const noexcept;

  /// One line, above the live ones. What is not ours in it must have been made `printable`.
  void message(std::string_view line);

  /// Shows `lines` in place of the live lines before. Each must fit the width, and all the height.
  void show_live(const std::vector<LiveLine>& lines);
  void clear_live();

  /// The live lines are where nobody knows: the process was stopped, and others have written.
  void lose_live() noexcept { shown_.clear(); }

 private:
  void write(std::string_view bytes) const;
  [[nodiscard]] std::string erasure() const;
  [[nodiscard]] std::string drawing() const;

  int descriptor_;
  bool is_live_;
  bool has_colours_;
  std::vector<LiveLine> shown_;
};

}  // namespace rondo::cli
