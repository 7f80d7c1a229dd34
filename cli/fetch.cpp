// Opens what has to be opened, runs, and turns what became of it into an exit code.

#include "cli/fetch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run.hpp"

#include "cli/console.hpp"
#include "cli/exit_code.hpp"
#include "cli/fetch_command_line.hpp"
#include "cli/fetch_run.hpp"
#include "cli/hsts_file.hpp"
#include "cli/run_files.hpp"
#include "cli/sqlite_job_store.hpp"
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

void open_directory(const std::string& path, FetchFiles& files) {
  try {
    files.directory = std::make_unique<OutputDirectory>(path);
  } catch (const OsError& error) {
    throw UsageError(std::string("--output: ") + error.what());
  }
}

void open_journal(const FetchOptions& options, FetchFiles& files) {
  auto journal = std::make_unique<SqliteJobStore>(options.job, SqliteJobStore::Access::run);
  try {
    const std::string output =
        options.output.empty() ? "" : std::filesystem::canonical(options.output).string();
    journal->require_output(output);
    if (options.retry_failed) journal->retry_failed();
    // A job that was stopped goes on first.
    if (options.if_modified && journal->counts().left() == 0) journal->look_again();
    const bool has_input = !options.input.empty() || !options.urls.empty();
    if (!has_input && journal->counts().total == 0) {
      throw UsageError("no URL, and none in '" + printable(options.job) + "'");
    }
    if (files.directory) files.directory->set_tag(journal->tag());
  } catch (const SqliteError& error) {
    throw UsageError("--job: " + std::string(error.what()));
  }
  files.journal = std::move(journal);
}

FetchFiles open_files(const FetchOptions& options) {
  FetchFiles files;
  files.list = open_list(options.input);
  if (!options.cookie_jar.empty()) files.cookies = read_cookie_file(options.cookie_jar);
  if (!options.hsts.empty()) files.hsts = read_hsts_file(options.hsts);
  if (!options.output.empty()) open_directory(options.output, files);
  if (!options.job.empty()) open_journal(options, files);
  files.about_run = open_run_files(options);
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

/// The number of the signal that has ended the run; 0: it has come to its own end.
int run_until_ended(FetchRun& fetch, bool quiet) {
  StopSignals signals;
  RunOptions options;
  options.preferred_backends = {Backend::io_uring, Backend::epoll};
  if (quiet) options.log = [](std::string_view) {};
  try {
    rondo::run(fetch.run(signals), std::move(options));
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

/// Whether the whole job, of which this run may have been a part, has no failure.
bool shows_whole_job(const FetchOptions& options, Console& console, JobStore& journal) {
  JobCounts counts;
  const bool is_readable = succeeds(console, [&] { counts = journal.counts(); });
  if (!options.quiet && is_readable) {
    console.message(fmt::format("job {}: {} URLs, {} done, {} failed, {} left{}",
                                printable(options.job), counts.total, counts.done, counts.failed,
                                counts.left(),
                                counts.failed > 0 ? "; --retry-failed takes up what failed" : ""));
  }
  return is_readable && counts.failed == 0;
}

int exit_code(int signal, bool all_well) {
  if (signal != 0) return kSignal + signal;
  return all_well ? kSuccess : kFailure;
}

int fetch(const FetchOptions& options) {
  Console console;
  StandardOutput output(STDOUT_FILENO);
  FetchRun fetch(options, open_files(options), console, output);
  allow_many_descriptors();
  const auto begun = Clock::now();
  const int signal = run_until_ended(fetch, options.quiet);
  const auto elapsed = Clock::now() - begun;
  bool all_well = succeeds(console, [&] { fetch.close(); });
  const Tally& tally = fetch.tally();
  const std::string early_end = signal != 0 ? "interrupted" : fetch.early_end();
  all_well &= tally.failed() == 0 && early_end.empty();
  const std::string problem = printable(fetch.input_problem());
  if (tally.done() == 0 && early_end.empty() && fetch.journal() == nullptr) {
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
  if (fetch.hsts() != nullptr) {
    all_well &= succeeds(console, [&] { write_hsts_file(options.hsts, *fetch.hsts()); });
  }
  for (const auto& file : fetch.about_run()) {
    all_well &= succeeds(console, [&] { file->finish({elapsed, early_end}); });
  }
  if (!options.quiet) {
    console.message((early_end.empty() ? "" : early_end + "; ") + tally.summary(elapsed));
  }
  if (fetch.journal() != nullptr) all_well &= shows_whole_job(options, console, *fetch.journal());
  return exit_code(signal, all_well);
}

}  // namespace

int run_fetch(Arguments arguments) {
  const auto parsed = parse_fetch_command_line(arguments);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  return fetch(std::get<FetchOptions>(parsed));
}

}  // namespace rondo::cli
