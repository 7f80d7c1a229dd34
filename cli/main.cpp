// The first argument names a command; each command reads the rest.

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/base/error.hpp"

#include "cli/command_line.hpp"
#include "cli/completions_command.hpp"
#include "cli/exit_code.hpp"
#include "cli/fetch.hpp"
#include "cli/jobs_command.hpp"
#include "cli/ps_command.hpp"
#include "cli/terminal_text.hpp"
#include "cli/url_command.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr std::string_view kHelp =
    "rondo fetch [OPTIONS] [URL]...   fetch URLs concurrently\n"
    "rondo jobs [OPTIONS] NAME.db     the state of a job, and its results\n"
    "rondo url [OPTIONS] [URL]        print the parts of a URL\n"
    "rondo completions SHELL          what lets bash, zsh or fish complete the command line\n"
    "rondo ps [PID]                   running Rondo programs, or the tasks of one\n"
    "rondo COMMAND --help             what a command takes\n"
    "rondo --version                  the version\n";

/// Standard descriptors that are closed would be taken by the first files that are opened. Reading
/// from and writing to these fails instead.
void occupy_standard_descriptors() noexcept {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) >= 0) continue;
    const int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", flags) != descriptor) return;
  }
}

/// The threads that read lists and write journals hand what they allocate to the loop's thread, and
/// the other way round: an arena for each of them would only grow, until the list is read.
void share_one_arena() noexcept {
  static_cast<void>(::mallopt(M_ARENA_MAX, 1));
}

int print(std::string_view text) {
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!is_written) throw Error("cannot write to standard output");
  return kSuccess;
}

[[noreturn]] void refuse_command(const std::string& command) {
  const std::string shown = "there is no command '" + printable(command) + "'; ";
  if (command.find("://") != std::string::npos) {
    throw UsageError(shown + "'rondo fetch' fetches a URL");
  }
  const std::vector<CommandRow> table = command_table();
  std::vector<std::string_view> names;
  names.reserve(table.size());
  for (const CommandRow& row : table) names.push_back(row.name);
  const std::string nearest(nearest_word(names, command));
  throw UsageError(shown + (nearest.empty() ? "" : "did you mean '" + nearest + "'? ") +
                   "'rondo --help' shows what there is");
}

int dispatch(Arguments arguments) {
  if (arguments.empty()) throw UsageError("no command; 'rondo --help' shows what there is");
  const std::string& command = arguments.front();
  const Arguments rest = arguments.subspan(1);
  if (command == "fetch") return run_fetch(rest);
  if (command == "completions") return run_completions(rest);
  if (command == "jobs") return run_jobs(rest);
  if (command == "url") return run_url(rest);
  if (command == "-h" || command == "--help" || command == "help") return print(kHelp);
  if (command == "-V" || command == "--version") return print("rondo " RONDO_VERSION "\n");
  if (command == "ps") return run_ps(rest);
  if (command == "ws") {
    throw UsageError("the command '" + command + "' is not built yet");
  }
  refuse_command(command);
}

void complain(const std::string& what) {
  const std::string line = "rondo: " + what + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int run_command(Arguments arguments) {
  try {
    return dispatch(arguments);
  } catch (const UsageError& error) {
    complain(error.what());
    return kUsage;
  } catch (const std::exception& error) {
    complain(printable(error.what()));
    return kFailure;
  }
}

}  // namespace
}  // namespace rondo::cli

int main(int argc, char** argv) {
  rondo::cli::occupy_standard_descriptors();
  rondo::cli::share_one_arena();
  // Whoever reads our output may stop doing so, and files have limits; then writing says it.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return rondo::cli::run_command(arguments);
}
