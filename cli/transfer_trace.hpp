#pragma once
// What the session tells of a request: kept for the result, and shown with -v.

#include <cstdint>
#include <optional>
#include <string_view>

#include "rondo/http/errors.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/timings.hpp"
#include "rondo/runtime/clock.hpp"

#include "cli/console.hpp"
#include "cli/rate_pacer.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// How much of a transfer is noted and shown.
struct TraceOptions {
  bool keep_headers = false;
  bool keep_hops = false;
  int verbosity = 0;  ///< 1: lines and connections, 2: fields too
};

/// Follows one transfer through its hops and attempts. What it shows has no credentials and no
/// cookies in it.
class TransferTrace final : public http::RequestTrace {
 public:
  /// Shows lines that begin with `number`.
  TransferTrace(TransferResult& result, std::uint64_t number, TraceOptions options,
                Console& console, RatePacer& pacer) noexcept
      : result_(result), number_(number), options_(options), console_(console), pacer_(pacer) {}

  void on_request_start(std::string_view method, const proto::Url& url) override;
  void on_connection(std::string_view peer, bool is_reused, const http::Timings& timings) override;
  void on_tls(const tls::TlsInfo& info) override;
  void on_request_headers_sent(std::string_view head) override;
  void on_request_chunk_sent(std::string_view chunk) override;
  void on_response_headers(const proto::ResponseHead& head) override;
  void on_request_redirect(const http::HistoryEntry& answered) override;
  Task<> before_redirect() override { return pacer_.wait(); }
  void on_replay(std::string_view reason) override;

  /// The attempt has ended with an answer that took `timings`.
  void answered(const http::Timings& timings);

  /// The attempt has ended without one, or with half of one: in `phase`, or else in the one that
  /// it had come to, which is given the rest of the time.
  void failed(std::optional<http::Phase> phase = {});

  /// Shows a line of the command's own.
  void note(std::string_view text) const;

 private:
  [[nodiscard]] RecordedHop& hop() noexcept { return result_.hops.back(); }
  void note_answer(const proto::ResponseHead& head);
  void show(char mark, std::string_view line) const;
  void show_field(char mark, std::string_view name, std::string_view value) const;

  TransferResult& result_;
  std::uint64_t number_;
  TraceOptions options_;
  Console& console_;
  RatePacer& pacer_;
  http::Timings of_hop_;
  std::optional<Clock::time_point> hop_begun_;  // of one that has not ended
};

}  // namespace rondo::cli
