// Opens what has to be opened, runs, and turns what became of it into an exit code.

#include "cli/fetch.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run.hpp"

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/fetch_command_line.hpp"
#include "cli/fetch_run.hpp"
#include "cli/stop_signals.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

[[noreturn]] void refuse_input(const std::string& path, int code) {
  throw UsageError("--input '" + printable(path) + "': " + std::strerror(code));
}

Descriptor open_list(const std::string& path) {
  if (path.empty()) return Descriptor();
  // A copy of standard input, so that every list is closed in the same way.
  Descriptor list(path == "-" ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                              : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!list) refuse_input(path, errno);
  struct stat status{};
  if (::fstat(list.get(), &status) == 0 && S_ISDIR(status.st_mode)) refuse_input(path, EISDIR);
  return list;
}

FetchFiles open_files(const FetchOptions& options) {
  FetchFiles files;
  files.list = open_list(options.input);
  if (!options.cookie_jar.empty()) files.cookies = read_cookie_file(options.cookie_jar);
  if (options.output.empty()) return files;
  try {
    files.directory.emplace(options.output);
  } catch (const OsError& error) {
    throw UsageError(std::string("--output: ") + error.what());
  }
  return files;
}

/// Each connection and each file takes a descriptor; the usual limit is meant for programs that
/// select().
void allow_many_descriptors() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void warn_of_proxies(Console& console) {
  static constexpr std::array kVariables = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                            "ALL_PROXY"};
  for (const char* name : kVariables) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    console.message(std::string("rondo: warning: ") + name +
                    " is set, but proxies are not built yet: connecting directly");
    return;
  }
}

/// The number of the signal that has ended the run; 0: it has come to its own end.
int run_until_ended(FetchRun& fetch) {
  StopSignals signals;
  try {
    rondo::run(fetch.run(signals));
  } catch (const Interrupted&) {
    return SIGINT;
  }
  return signals.received();
}

/// Runs `task`; whether it did not throw an `Error`, which is shown.
template <class Task>
bool succeeds(Console& console, Task task) {
  try {
    task();
    return true;
  } catch (const Error& error) {
    console.message("rondo: " + printable(error.what()));
    return false;
  }
}

int exit_code(int signal, bool all_well) {
  if (signal != 0) return kSignal + signal;
  return all_well ? kSuccess : kFailure;
}

int fetch(const FetchOptions& options) {
  Console console;
  StandardOutput output(STDOUT_FILENO);
  FetchRun fetch(options, open_files(options), console, output);
  if (!options.quiet) warn_of_proxies(console);
  allow_many_descriptors();
  const auto begun = Clock::now();
  const int signal = run_until_ended(fetch);
  const auto elapsed = Clock::now() - begun;
  const Tally& tally = fetch.tally();
  bool all_well = tally.failed() == 0;
  const std::string problem = printable(fetch.input_problem());
  if (tally.done() == 0 && signal == 0) {
    throw UsageError(problem.empty() ? "no URL in '" + printable(options.input) + "'" : problem);
  }
  if (!problem.empty()) {
    console.message("rondo: " + problem);
    all_well = false;
  }
  all_well &= succeeds(console, [&] { output.finish(); });
  if (!options.cookie_jar.empty()) {
    all_well &= succeeds(console, [&] { write_cookie_file(options.cookie_jar, fetch.cookies()); });
  }
  if (!options.quiet) {
    console.message((signal != 0 ? "interrupted; " : "") + tally.summary(elapsed));
  }
  return exit_code(signal, all_well);
}

}  // namespace

int run_fetch(Arguments arguments) {
  const auto parsed = parse_fetch_command_line(arguments);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  return fetch(std::get<FetchOptions>(parsed));
}

}  // namespace rondo::cli
