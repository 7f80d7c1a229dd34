#pragma once
// rondo jobs: what a journal says of its job.

#include "cli/command_line.hpp"

namespace rondo::cli {

/// Shows the state of a job, exports its results, or lets what failed wait again. Gives the exit
/// code.
int run_jobs(Arguments arguments);

}  // namespace rondo::cli
