#pragma once
// One job from its start to its result: attempts, and what is done with the body.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/proto/digest.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/bandwidth_limit.hpp"
#include "cli/console.hpp"
#include "cli/fetch_options.hpp"
#include "cli/host_queues.hpp"
#include "cli/job.hpp"
#include "cli/job_source.hpp"
#include "cli/output_directory.hpp"
#include "cli/rate_pacer.hpp"
#include "cli/retry_policy.hpp"
#include "cli/sole_url.hpp"
#include "cli/standard_output.hpp"
#include "cli/transfer_result.hpp"
#include "cli/transfer_trace.hpp"

namespace rondo::cli {

/// What all transfers of a run share. Outlives them.
struct TransferContext {
  const FetchOptions& options;
  Console& console;
  StandardOutput& output;
  OutputDirectory* directory = nullptr;  ///< null: bodies are not saved
  SoleUrl& sole;
  RatePacer pacer;
  RetryPolicy retries;
  BandwidthLimit bandwidth;
  /// Keeps half files and commits whole ones; null: nobody, they are removed and committed here.
  JobSource* keeper = nullptr;
};

/// Fetches `job` once with `run`; afterwards `result` says what became of it.
class Transfer {
 public:
  /// `hash` is free for this transfer's use until its end.
  Transfer(TransferContext& context, const http::ClientSession& session, const Job& job,
           proto::Sha256& hash);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Throws nothing but `Cancelled`: failures are results. Cancelled, it leaves no file behind.
  Task<> run();

  /// In its place for a host that is dead.
  void skip();

  /// To be asked at the end, before `take`.
  [[nodiscard]] HostOutcome host_outcome() const noexcept;
  [[nodiscard]] bool has_failed() const noexcept { return result_.error.has_value(); }

  /// To be called when `run` was cancelled.
  void cancelled();

  /// What is left behind, at the end.
  [[nodiscard]] FinishedTransfer take();

 private:
  using Delay = std::optional<Clock::duration>;

  Task<Delay> attempt();
  Task<Delay> exchange();
  Task<> reopen_half();
  Task<> receive(http::Response& response);
  void note_answer(const http::Response& response);
  void open_file(const http::Response& response);
  void note_half(const http::Response& response);
  void end_file();
  void drop_half();
  void leave_file() noexcept;
  [[nodiscard]] bool lacks_other_half(const http::Response& response) const;
  Task<bool> goes_to_standard_output();
  [[nodiscard]] Task<http::Response> send();
  void begin_attempt();
  void refuse();
  void deliver(std::string_view piece);
  void end_body();
  void fail(const http::ClientError& error);
  void fail_output(const Error& error);
  [[nodiscard]] Delay delay_of_status(const http::Response& response);
  [[nodiscard]] Delay delay_of_error(const http::ClientError& error);
  [[nodiscard]] Delay delay_of_output(const OsError& error);
  [[nodiscard]] bool hashes() const noexcept {
    return context_.options.json_lines || context_.keeper != nullptr;
  }
  [[nodiscard]] Delay delay_of_retry(std::optional<Clock::duration> retry_after);
  [[nodiscard]] Delay time_left() const;

  TransferContext& context_;
  const http::ClientSession& session_;
  const Job& job_;
  proto::Sha256& hash_;
  TransferResult result_;
  TransferTrace trace_;
  std::optional<OutputFile> file_;
  Validators validators_;                      // of what `file_` holds, or of what was left of it
  Validators of_answer_;                       // strong or not, for the keeper
  std::vector<http::Middleware> middlewares_;  // of this transfer
  std::uint64_t half_ = 0;                     // bytes that were there before this attempt
  bool has_half_ = false;  // an attempt, perhaps of an earlier run, has left a file
  bool is_whole_ = false;  // the body has come to its end
  bool is_noted_ = false;  // the keeper knows of the half file
  bool was_cancelled_ = false;
  bool writes_body_ = false;
  Clock::time_point begun_;
};

}  // namespace rondo::cli
