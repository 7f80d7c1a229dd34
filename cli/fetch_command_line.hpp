#pragma once
// The command line of `rondo fetch`.

#include <variant>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/fetch_options.hpp"
#include "cli/option_table.hpp"

namespace rondo::cli {

/// Reads it; gives an exit code instead when there is nothing to fetch, as with `--help`. Throws
/// `UsageError` for whatever cannot be obeyed, options that are not built yet among them.
[[nodiscard]] std::variant<FetchOptions, int> parse_fetch_command_line(Arguments arguments);

[[nodiscard]] std::vector<OptionRow> fetch_options_table();

}  // namespace rondo::cli
