// The journal may be in use meanwhile: reading disturbs nobody.

#include "cli/jobs_command.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/exit_code.hpp"
#include "cli/job_export.hpp"
#include "cli/sqlite_job_store.hpp"
#include "cli/tally.hpp"
#include "cli/terminal_text.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;

struct JobsOptions {
  std::string journal;
  std::string format;  ///< of an export; empty: none
  bool retry_failed = false;
};

void add_options(CLI::App& app, JobsOptions& options) {
  app.add_option("NAME.db", options.journal, "the journal")->type_name("");
  app.add_option("--export", options.format, "print all results: jsonl or csv")
      ->type_name("jsonl|csv");
  app.add_flag("--retry-failed", options.retry_failed,
               "let what failed wait again, for the next rondo fetch --job");
}

void print(std::string& text) {
  const bool is_written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!is_written) throw Error("cannot write to standard output");
  text.clear();
}

void export_results(SqliteJobStore& journal, bool as_csv) {
  const std::string directory = journal.output();
  std::string text(as_csv ? job_csv_header() : "");
  journal.visit_all([&](const JobRecord& record) {
    if (as_csv) {
      append_job_csv(record, directory, text);
    } else {
      append_job_json(record, directory, text);
    }
    if (text.size() >= kPiece) print(text);
  });
  print(text);
}

/// What there is to say of the jobs of a journal.
struct JobsSummary {
  std::array<std::uint64_t, 4> of_state{};
  std::uint64_t bytes = 0;
  std::map<std::string, std::uint64_t> failed_by_kind;

  void add(const JobRecord& record) {
    ++of_state.at(static_cast<std::size_t>(record.state));
    if (record.state == JobState::done) bytes += record.bytes;
    if (record.state == JobState::failed) ++failed_by_kind[record.error_kind];
  }

  [[nodiscard]] std::uint64_t in(JobState state) const {
    return of_state.at(static_cast<std::size_t>(state));
  }

  [[nodiscard]] std::string failures() const {
    std::string text;
    for (const auto& [kind, count] : failed_by_kind) {
      text += fmt::format("{}{} {}", text.empty() ? " (" : ", ", printable(kind), count);
    }
    return text.empty() ? text : text + ")";
  }
};

void show(SqliteJobStore& journal) {
  JobsSummary summary;
  journal.visit_all([&](const JobRecord& record) { summary.add(record); });
  const std::string output = journal.output();
  std::string text = fmt::format("output     {}\n", output.empty() ? "none" : printable(output));
  text +=
      fmt::format("done       {}, {}\n", summary.in(JobState::done), readable_bytes(summary.bytes));
  text += fmt::format("failed     {}{}\n", summary.in(JobState::failed), summary.failures());
  text += fmt::format("in flight  {}\n", summary.in(JobState::claimed));
  text += fmt::format("waiting    {}\n", summary.in(JobState::waiting));
  print(text);
}

int run(const JobsOptions& options) {
  using Access = SqliteJobStore::Access;
  SqliteJobStore journal(options.journal, options.retry_failed ? Access::edit : Access::read);
  if (options.retry_failed) {
    std::string text = fmt::format("{} failed URLs wait again\n", journal.retry_failed());
    print(text);
  } else if (!options.format.empty()) {
    export_results(journal, options.format == "csv");
  } else {
    show(journal);
  }
  if (std::fflush(stdout) != 0) throw Error("cannot write to standard output");
  return kSuccess;
}

}  // namespace

std::vector<OptionRow> jobs_options_table() {
  JobsOptions options;
  CLI::App app("", "rondo jobs");
  add_options(app, options);
  return option_table(app);
}

int run_jobs(Arguments arguments) {
  JobsOptions options;
  CLI::App app("Shows the state of a job of rondo fetch --job, also while it runs.", "rondo jobs");
  add_options(app, options);
  if (const auto code = parse_arguments(app, arguments)) return *code;
  if (options.journal.empty()) throw UsageError("rondo jobs needs the name of a journal");
  if (!options.format.empty() && options.format != "jsonl" && options.format != "csv") {
    throw UsageError("--export '" + printable(options.format) + "': not jsonl or csv");
  }
  if (options.retry_failed && !options.format.empty()) {
    throw UsageError("--export and --retry-failed exclude each other");
  }
  return run(options);
}

}  // namespace rondo::cli
