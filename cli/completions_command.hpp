#pragma once
// `rondo completions`: the script that lets a shell complete the command line.

#include <vector>

#include "cli/command_line.hpp"
#include "cli/completion_script.hpp"

namespace rondo::cli {

/// All commands with their options, in the order of `rondo --help`.
[[nodiscard]] std::vector<CommandRow> command_table();

/// Runs the command; gives its exit code. Throws `UsageError`.
[[nodiscard]] int run_completions(Arguments arguments);

}  // namespace rondo::cli
