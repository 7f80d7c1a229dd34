// CLI11 takes arguments in reverse order, and tells of help by an exception.

#include "cli/command_line.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/exit_code.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {

std::optional<int> parse_arguments(CLI::App& app, Arguments arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    const std::string help = app.help();
    std::fwrite(help.data(), 1, help.size(), stdout);
    return std::fflush(stdout) == 0 ? kSuccess : kFailure;
  } catch (const CLI::ParseError& error) {
    throw UsageError(printable(error.what()));
  }
  return std::nullopt;
}

}  // namespace rondo::cli
