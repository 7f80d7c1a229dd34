// CLI11 takes arguments in reverse order, and tells of help by an exception. It would take the
// argument after "--name=" for the value, and let a flag be undone by "--flag=false"; so values are
// looked at before it sees them.

#include "cli/command_line.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "rondo/base/error.hpp"

#include "cli/exit_code.hpp"
#include "cli/option_table.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

/// CLI11's layout, without its remarks on what excludes what, and without doubled blank lines.
class HelpLayout final : public CLI::Formatter {
 public:
  HelpLayout() {
    column_width(34);
    label("Positionals", "Arguments");
  }

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

/// Whether `name`, as in "--data" or "-d", is an option with a value; nothing: there is no such.
std::optional<bool> takes_value(const CLI::App& app, const std::string& name) {
  const CLI::Option* option = app.get_option_no_throw(name);
  if (option == nullptr) return std::nullopt;
  return option->get_items_expected_max() > 0;
}

[[noreturn]] void refuse_option(const CLI::App& app, const std::string& name) {
  const std::vector<OptionRow> table = option_table(app);
  const std::string nearest(nearest_option(table, name));
  throw UsageError("there is no option " + printable(name) + ";" +
                   (nearest.empty() ? "" : " did you mean " + nearest + "?") + " '" +
                   app.get_name() + " --help' shows what there is");
}

/// Throws unless `argument`, an option that is not the value of another, is one of `app`.
void require_known(const CLI::App& app, const std::string& argument) {
  if (argument.starts_with("--")) {
    const std::string name = argument.substr(0, argument.find('='));
    if (!takes_value(app, name)) refuse_option(app, name);
    return;
  }
  if (!argument.starts_with('-')) return;
  for (std::size_t i = 1; i < argument.size(); ++i) {
    const auto has_value = takes_value(app, std::string{'-', argument[i]});
    if (!has_value) refuse_option(app, std::string{'-', argument[i]});
    if (*has_value) return;
  }
}

/// Whether the argument behind `argument` is its value: after "--data", "-d" and "-vd", not after
/// "-dx".
bool needs_next(const CLI::App& app, std::string_view argument) {
  if (argument.starts_with("--")) return takes_value(app, std::string(argument)).value_or(false);
  if (!argument.starts_with('-')) return false;
  for (std::size_t i = 1; i < argument.size(); ++i) {
    const auto has_value = takes_value(app, std::string{'-', argument[i]});
    if (!has_value) return false;
    if (*has_value) return i + 1 == argument.size();
  }
  return false;
}

/// Appends `argument`, an option that is not the value of another, with "--name=" in two parts.
void append_option(const CLI::App& app, const std::string& argument,
                   std::vector<std::string>& out) {
  const std::size_t equals = argument.starts_with("--") ? argument.find('=') : std::string::npos;
  if (equals != std::string::npos) {
    const std::string name = argument.substr(0, equals);
    const bool is_flag = !takes_value(app, name).value_or(true);
    if (is_flag) throw UsageError(printable(name) + " takes no value");
    if (equals + 1 == argument.size()) {
      out.insert(out.end(), {name, ""});
      return;
    }
  }
  out.push_back(argument);
}

std::vector<std::string> with_separate_values(const CLI::App& app, Arguments arguments) {
  std::vector<std::string> separate;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--") {
      separate.insert(separate.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i),
                      arguments.end());
      break;
    }
    require_known(app, arguments[i]);
    append_option(app, arguments[i], separate);
    if (!needs_next(app, arguments[i])) continue;
    if (i + 1 == arguments.size()) throw UsageError(arguments[i] + " needs a value");
    separate.push_back(arguments[++i]);
  }
  return separate;
}

}  // namespace

std::optional<int> parse_arguments(CLI::App& app, Arguments arguments) {
  app.formatter(std::make_shared<HelpLayout>());
  std::vector<std::string> separate = with_separate_values(app, arguments);
  std::reverse(separate.begin(), separate.end());
  try {
    app.parse(std::move(separate));
  } catch (const CLI::CallForHelp&) {
    const std::string help = app.help();
    const bool is_written =
        std::fwrite(help.data(), 1, help.size(), stdout) == help.size() && std::fflush(stdout) == 0;
    if (!is_written) throw Error("cannot write to standard output");
    return kSuccess;
  } catch (const CLI::ArgumentMismatch& error) {
    // A value that is missing has been found before: what remains is one too many.
    const std::string_view what = error.what();
    throw UsageError(printable(what.substr(0, what.find(':'))) + " can be given only once");
  } catch (const CLI::ParseError& error) {
    throw UsageError(printable(error.what()));
  }
  return std::nullopt;
}

}  // namespace rondo::cli
