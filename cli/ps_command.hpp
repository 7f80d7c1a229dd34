#pragma once
// `rondo ps`: the running Rondo programs of this user, and the tasks of one.

#include <vector>

#include "cli/command_line.hpp"
#include "cli/option_table.hpp"

namespace rondo::cli {

/// Runs the command; gives its exit code. Throws `UsageError`.
[[nodiscard]] int run_ps(Arguments arguments);

[[nodiscard]] std::vector<OptionRow> ps_options_table();

}  // namespace rondo::cli
