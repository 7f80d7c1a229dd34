#pragma once
// One job from its start to its result: attempts, and what is done with the body.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>
#include <vector>

#include "rondo/http/client_session.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/proto/digest.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/body_file.hpp"
#include "cli/existing_copy.hpp"
#include "cli/host_queues.hpp"
#include "cli/job.hpp"
#include "cli/job_source.hpp"
#include "cli/transfer_context.hpp"
#include "cli/transfer_result.hpp"
#include "cli/transfer_trace.hpp"

namespace rondo::cli {

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

  // How far it is, for who looks at it while it runs.

  [[nodiscard]] std::string_view url() const noexcept { return result_.url; }
  [[nodiscard]] Clock::time_point begun() const noexcept { return result_.begun; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return result_.body_bytes; }

  /// "connect" until there is a connection, "wait" until there is an answer, "receive".
  [[nodiscard]] std::string_view phase() const noexcept {
    if (result_.status != 0) return "receive";
    return result_.remote.empty() ? "connect" : "wait";
  }

  /// To be called when `run` was cancelled.
  void cancelled();

  /// What is left behind, at the end.
  [[nodiscard]] FinishedTransfer take();

 private:
  using Delay = std::optional<Clock::duration>;

  // The walk of one transfer, in transfer.cpp.
  Task<bool> needs_nothing();
  Task<Delay> attempt();
  Task<Delay> exchange();
  Task<> receive(http::Response& response);
  Task<> receive_stream(http::Response& response);
  Task<bool> goes_to_standard_output();
  [[nodiscard]] Task<http::Response> send(const RangeFields* range, http::RequestTrace* trace);
  void begin_attempt();
  void refuse();
  void take_over_condition();
  void note_answer(const http::Response& response);
  void note_half(const http::Response& response);
  void deliver(std::string_view piece);
  void end_body();
  void verify() const;
  void fail(const http::ClientError& error);
  void fail_output(const Error& error);
  [[nodiscard]] Delay delay_of_status(const http::Response& response);
  [[nodiscard]] Delay delay_of_error(const http::ClientError& error);
  [[nodiscard]] Delay delay_of_output(const OsError& error);
  [[nodiscard]] Delay delay_of_retry(std::optional<Clock::duration> retry_after);
  [[nodiscard]] Delay time_left() const;
  void require_size(std::uint64_t bytes) const;
  [[nodiscard]] unsigned attempts() const noexcept;
  [[nodiscard]] bool hashes() const noexcept;

  // A body in several pieces at a time, in transfer_pieces.cpp.
  [[nodiscard]] bool can_divide(const http::Response& response) const;
  Task<> receive_pieces(http::Response& response);
  Task<> fill_pieces(http::Response* response);
  Task<> help_with_pieces();
  Task<bool> fetch_piece(std::size_t number);
  Task<> receive_piece(http::Response& response, std::size_t number);
  void note_pieces(std::size_t bytes);

  TransferContext& context_;
  const http::ClientSession& session_;
  const Job& job_;
  proto::Sha256& hash_;
  TransferResult result_;
  TransferTrace trace_;
  BodyFile file_;
  ConditionFields condition_;
  Validators of_answer_;                       // strong or not, for the keeper
  std::vector<http::Middleware> middlewares_;  // of this transfer
  std::exception_ptr piece_failure_;           // of the disk, met by who helps with pieces
  std::size_t unnoted_ = 0;                    // bytes of pieces that the keeper does not know of
  bool may_divide_ = true;
  bool is_refused_ = false;  // the server has not given a piece: all of it must come at once
  bool was_cancelled_ = false;
  bool writes_body_ = false;
};

}  // namespace rondo::cli
