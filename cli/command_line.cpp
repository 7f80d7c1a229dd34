// CLI11 takes arguments in reverse order, and tells of help by an exception.

#include "cli/command_line.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/exit_code.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

/// CLI11's layout, without its remarks on what excludes what, and without doubled blank lines.
class HelpLayout final : public CLI::Formatter {
 public:
  HelpLayout() { column_width(34); }

  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    if (is_positional) return option->get_name(true);
    std::string names;
    for (const std::string& name : option->get_snames()) names += "-" + name + ", ";
    for (const std::string& name : option->get_lnames()) names += "--" + name + ", ";
    return names.substr(0, names.size() - 2);
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_name().empty() ? "" : " " + option->get_type_name();
  }

  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    const std::string text =
        CLI::Formatter::make_group(std::move(group), is_positional, std::move(options));
    return is_positional ? text + "\n" : text.substr(1);
  }
};

}  // namespace

std::optional<int> parse_arguments(CLI::App& app, Arguments arguments) {
  app.formatter(std::make_shared<HelpLayout>());
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
