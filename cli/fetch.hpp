#pragma once
// `rondo fetch`.

#include "cli/command_line.hpp"

namespace rondo::cli {

/// Runs the command; gives its exit code. Throws `UsageError` before anything is sent.
[[nodiscard]] int run_fetch(Arguments arguments);

}  // namespace rondo::cli
