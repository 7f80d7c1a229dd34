#pragma once
// rondo jobs: what a journal says of its job.

#include <vector>

#include "cli/command_line.hpp"
#include "cli/option_table.hpp"

namespace rondo::cli {

/// Shows the state of a job, exports its results, or lets what failed wait again. Gives the exit
/// code.
int run_jobs(Arguments arguments);

[[nodiscard]] std::vector<OptionRow> jobs_options_table();

}  // namespace rondo::cli
