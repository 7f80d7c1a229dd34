#pragma once
// `rondo url`: what the URL parser makes of a URL.

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/option_table.hpp"

namespace rondo::cli {

/// Runs the command; gives its exit code. Throws `UsageError`.
[[nodiscard]] int run_url(Arguments arguments);

/// The answer to one line of `--batch`, `{"input", "base"?, "set"?}`, with a line feed: the parts
/// of the URL, or `{"error": ...}`.
[[nodiscard]] std::string answer_url_line(std::string_view line);

[[nodiscard]] std::vector<OptionRow> url_options_table();

}  // namespace rondo::cli
