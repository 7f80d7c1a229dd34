#pragma once
// `rondo ps`: the running Rondo programs of this user, and the tasks of one.

#include "cli/command_line.hpp"

namespace rondo::cli {

/// Runs the command; gives its exit code. Throws `UsageError`.
[[nodiscard]] int run_ps(Arguments arguments);

}  // namespace rondo::cli
