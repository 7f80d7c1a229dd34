#pragma once
// Standard error: messages, and one live line below them if it is a terminal.

#include <string>
#include <string_view>

namespace rondo::cli {

/// Writes at once, and never fails: there is nobody left to tell.
class Console {
 public:
  explicit Console(int descriptor = 2);
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console() { clear_live(); }

  [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }

  /// One line, above the live one. What is not ours in it must have been made `printable`.
  void message(std::string_view line);

  /// Shows `line` in place of the live line before, cut to the terminal's width.
  void show_live(std::string_view line);
  void clear_live();

 private:
  void write(std::string_view bytes) const;

  int descriptor_;
  bool is_terminal_;
  std::string live_;
};

}  // namespace rondo::cli
