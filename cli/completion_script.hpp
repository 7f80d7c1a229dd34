#pragma once
// Completions of the command line for bash, zsh and fish.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/option_table.hpp"

namespace rondo::cli {

/// A sub-command with what it takes.
struct CommandRow {
  std::string_view name;
  std::string_view help;
  std::vector<OptionRow> options = {};
  std::string_view argument = {};  ///< of its positional ones: "FILE", "SHELL", or empty
};

/// The script for `shell`, which is "bash", "zsh" or "fish"; nothing for any other.
[[nodiscard]] std::optional<std::string> completion_script(std::string_view shell,
                                                           std::span<const CommandRow> commands);

}  // namespace rondo::cli
