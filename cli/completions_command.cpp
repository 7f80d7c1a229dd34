#include "cli/completions_command.hpp"

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "rondo/base/error.hpp"

#include "cli/exit_code.hpp"
#include "cli/fetch_command_line.hpp"
#include "cli/jobs_command.hpp"
#include "cli/ps_command.hpp"
#include "cli/terminal_text.hpp"
#include "cli/url_command.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr const char* kFooter =
    "bash: rondo completions bash > ~/.local/share/bash-completion/completions/rondo\n"
    "zsh:  rondo completions zsh > DIR/_rondo, where DIR is in $fpath before compinit\n"
    "fish: rondo completions fish > ~/.config/fish/completions/rondo.fish";

void add_options(CLI::App& app, std::string& shell) {
  app.add_option("SHELL", shell, "bash, zsh or fish")->type_name("");
  app.footer(kFooter);
}

std::vector<OptionRow> completions_options() {
  std::string shell;
  CLI::App app("", "");
  add_options(app, shell);
  return option_table(app);
}

}  // namespace

std::vector<CommandRow> command_table() {
  return {{"fetch", "fetch URLs concurrently", fetch_options_table(), "URL"},
          {"jobs", "the state of a job, and its results", jobs_options_table(), "FILE"},
          {"url", "print the parts of a URL", url_options_table(), "URL"},
          {"ps", "running Rondo programs, or the tasks of one", ps_options_table(), "PID"},
          {"completions", "what lets a shell complete the command line", completions_options(),
           "bash|zsh|fish"}};
}

int run_completions(Arguments arguments) {
  std::string shell;
  CLI::App app("Prints the script that lets a shell complete the command line.",
               "rondo completions");
  add_options(app, shell);
  if (const auto code = parse_arguments(app, arguments)) return *code;
  const auto script = completion_script(shell, command_table());
  if (!script) {
    throw UsageError(shell.empty()
                         ? "rondo completions needs the name of a shell: bash, zsh or fish"
                         : "'" + printable(shell) + "' is not bash, zsh or fish");
  }
  const bool is_written =
      std::fwrite(script->data(), 1, script->size(), stdout) == script->size() &&
      std::fflush(stdout) == 0;
  if (!is_written) throw Error("cannot write to standard output");
  return kSuccess;
}

}  // namespace rondo::cli
