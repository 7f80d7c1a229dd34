#pragma once
// One run of `rondo fetch`: a reader, workers, and what they share.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/proto/hsts.hpp"
#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/task_group.hpp"

#include "cli/cookie_file.hpp"
#include "cli/fetch_options.hpp"
#include "cli/file_naming.hpp"
#include "cli/input.hpp"
#include "cli/job_queue.hpp"
#include "cli/job_source.hpp"
#include "cli/job_store.hpp"
#include "cli/live_lines.hpp"
#include "cli/output_directory.hpp"
#include "cli/report.hpp"
#include "cli/run_file.hpp"
#include "cli/sole_url.hpp"
#include "cli/standard_output.hpp"
#include "cli/stop_signals.hpp"
#include "cli/tally.hpp"
#include "cli/transfer.hpp"
#include "cli/transfer_summary.hpp"

namespace rondo::cli {

/// Everything that is opened before the first byte is sent, so that what cannot be opened is a
/// usage error.
struct FetchFiles {
  Descriptor list;
  std::unique_ptr<OutputDirectory> directory;  ///< null: bodies are not saved
  std::vector<proto::Cookie> cookies;
  std::shared_ptr<proto::HstsStore> hsts;  ///< null: nobody asks for it
  std::unique_ptr<JobStore> journal;       ///< of a job that survives
  std::vector<std::unique_ptr<RunFile>> about_run;
};

class FetchRun {
 public:
  FetchRun(const FetchOptions& options, FetchFiles files, Console& console, StandardOutput& output);
  FetchRun(const FetchRun&) = delete;
  FetchRun& operator=(const FetchRun&) = delete;

  /// Fetches all there is, or until one of `signals` comes. Failures of transfers are reported, not
  /// thrown. Cancelled, or ended by a signal, it reports the transfers under way as such. Throws
  /// `UsageError` for options that the session refuses.
  Task<> run(StopSignals& signals);

  [[nodiscard]] const Tally& tally() const noexcept { return tally_; }

  /// What is wrong with the input itself, once it could not be read on; empty: nothing.
  [[nodiscard]] const std::string& input_problem() const noexcept { return input_problem_; }

  /// Writes down what is left to, behind the run; blocks. Throws `Error`, also for what has ended
  /// the run early: a journal that cannot be written.
  void close();

  /// The files about the run, to be finished behind `close`.
  [[nodiscard]] const std::vector<std::unique_ptr<RunFile>>& about_run() const noexcept {
    return about_run_;
  }

  /// Why the run has ended early; empty: it has not, or by a signal.
  [[nodiscard]] const std::string& early_end() const noexcept { return early_end_; }

  /// Null without a journal.
  [[nodiscard]] JobStore* journal() const noexcept { return journal_.get(); }

  /// What the cookie engine holds at the end of the run.
  [[nodiscard]] const std::vector<proto::Cookie>& cookies() const noexcept { return cookies_; }

  /// The hosts that want https, with what the run has learned; null: nobody asks for it.
  [[nodiscard]] const proto::HstsStore* hsts() const noexcept { return hsts_.get(); }

 private:
  Task<> run_in(http::ClientSession& session, StopSignals& signals);
  Task<> run_beside_output(http::ClientSession& session, TaskGroup& group);
  Task<> fetch_all(const http::ClientSession& session);
  Task<> pump_output(TaskGroup& group);
  Task<> attend_source(TaskGroup& group);
  Task<> end_in_time(TaskGroup& group);
  Task<> end_on_failure(TaskGroup& group);
  Task<> read_input();
  Task<> work(const http::ClientSession& session, const Transfer*& current);
  Task<HostOutcome> fetch_one(const http::ClientSession& session, const HostQueues::Taken& taken,
                              proto::Sha256& hash, const Transfer*& current);
  [[nodiscard]] std::unique_ptr<JobSource> open_source();
  void load_cookies(http::ClientSession& session) const;
  void save_cookies(http::ClientSession& session);
  [[nodiscard]] bool shows_progress() const noexcept;
  [[nodiscard]] std::size_t worker_count() const noexcept;

  const FetchOptions& options_;
  Descriptor list_;
  std::unique_ptr<OutputDirectory> directory_;
  std::vector<proto::Cookie> cookies_;
  std::shared_ptr<proto::HstsStore> hsts_;
  Console& console_;
  StandardOutput& output_;
  std::unique_ptr<JobStore> journal_;
  JobQueue queue_;
  SoleUrl sole_;
  Tally tally_;
  Report report_;
  FileNaming naming_;
  FileNames names_;
  std::vector<std::unique_ptr<RunFile>> about_run_;
  SlowestTransfers slowest_{kLiveSlowest};
  std::vector<const Transfer*> current_;  // a place for each worker; null: it has none
  std::unique_ptr<JobSource> source_;
  TransferContext context_;
  std::string input_problem_;
  std::string early_end_;
  Semaphore has_failed_{0};  // released once, with `--fail-early`
};

}  // namespace rondo::cli
