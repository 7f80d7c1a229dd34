#pragma once
// The body of an answer, from the connection to the user: limits, decoding, and what happens to the
// connection.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/body_check.hpp"
#include "rondo/http/client_timeout.hpp"
#include "rondo/http/connection.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/total_limit.hpp"
#include "rondo/proto/content_decoder.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// What bounds the reading of one body.
struct BodyLimits {
  std::optional<TotalLimit> total = std::nullopt;                      ///< of the whole request
  std::uint64_t max_in_memory = 0;                                     ///< of a whole body
  std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max();  ///< decoded, in any case
  bool may_have_trailers = false;
  RequestTrace* trace = nullptr;  ///< is told of each piece; null: nobody is
};

/// Reads a body to its end and then gives the connection back. Dropped before that, it gives the
/// connection back if the rest is small, and closes it otherwise. The loop's end closes it, and is
/// told so in the exit report.
class ResponseBody final : private rondo::detail::LoopResident {
 public:
  /// A rest of at most this many bytes is read and thrown away (`drain_in_background`).
  static constexpr std::uint64_t kMaxDrained = std::uint64_t{64} * 1024;

  /// `request`, what errors name, outlives it.
  ResponseBody(EventLoop& loop, Lease lease, BodySource& source,
               std::optional<proto::ContentDecoder> decoder, const BodyLimits& limits,
               const Request& request);
  ResponseBody(const ResponseBody&) = delete;
  ResponseBody& operator=(const ResponseBody&) = delete;
  ~ResponseBody() { drop(); }

  /// The next piece, decoded; empty at the end. The view lasts until the next call. A body that has
  /// failed fails with the same error again; one that was dropped or closed throws
  /// `InvalidStateError`. Under another loop than its own, or on another thread, it throws
  /// `LoopClosedError`, `WrongLoopError` or `WrongThreadError`.
  Task<std::string_view> next();

  /// Adds to `body` what has not been read yet, as far as it is there, and says whether that is
  /// all. Errors as above.
  [[nodiscard]] bool read_at_once(std::string& body);

  /// Gives `body`, and behind it what has not been read yet. Errors as above.
  Task<std::string> read_on(std::string body);

  /// See `check_body`.
  void check_with(std::unique_ptr<BodyCheck> check);

  /// See there.
  [[nodiscard]] bool may_have_trailers() const noexcept { return limits_.may_have_trailers; }

  [[nodiscard]] bool at_end() const noexcept { return has_ended_; }

  /// The fields behind the body, once it has been read to its end.
  [[nodiscard]] const proto::HeaderMap& trailers() const noexcept;

  /// Bytes that have come so far, before decoding.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  [[nodiscard]] Clock::duration receive_time() const noexcept { return receive_time_; }

  /// Does without the rest.
  void drop() noexcept;

  /// Does without the rest, and without the connection unless the body has ended.
  void close() noexcept;

  /// Whether it has a connection that only the loop's own thread may touch, and the caller is on
  /// another.
  [[nodiscard]] bool must_be_handed_over() const noexcept {
    return !has_ended_ && lease_ && handle_.get() == nullptr && !handle_.is_closed();
  }
  [[nodiscard]] const LoopReference& loop() const noexcept { return handle_; }

 private:
  class Note;

  /// A content coding that is taken off.
  struct Decoding {
    explicit Decoding(proto::ContentDecoder of_body) noexcept : decoder(std::move(of_body)) {}
    [[nodiscard]] bool has_more() const noexcept { return has_more_out || !coded.empty(); }

    proto::ContentDecoder decoder;
    std::string_view coded;     // not decoded yet
    bool has_more_out = false;  // the decoder filled its output: it may have more
    std::vector<char> decoded;
  };

  Task<std::string_view> next_within(std::uint64_t limit);
  void require_coded_within(std::uint64_t limit);
  std::string_view decode();
  void count(std::string_view piece);
  [[noreturn]] void fail_as_too_large();
  [[nodiscard]] std::string_view take();
  void check_coding_ended();
  [[nodiscard]] bool append_what_is_there(std::string& body);
  Task<> read_rest(std::string& body, std::uint64_t size);
  [[nodiscard]] ErrorSite site() const;
  void require_readable() const;
  void require_room(std::uint64_t size) const;
  [[noreturn]] void fail(const ExchangeFailure& failure);
  [[noreturn]] void fail_to_decode(proto::DecodeError error);
  [[noreturn]] void fail_with(std::exception_ptr error);
  void note_received(std::string_view bytes);
  void finish_checks();
  void end();
  void let_go() noexcept;
  void on_loop_exit(rondo::detail::ExitReport& report) noexcept override;
  [[nodiscard]] std::string owner() const;

  LoopReference handle_;
  std::source_location owner_site_;  // where the session was made
  Lease lease_;
  BodySource* source_;
  std::unique_ptr<Decoding> decoding_;  // null: the body has no coding
  BodyLimits limits_;
  const Request& request_;
  std::uint64_t received_ = 0;  // before decoding
  std::uint64_t given_ = 0;     // after it
  std::optional<proto::HeaderMap> trailers_;
  Clock::time_point begun_;
  Clock::duration receive_time_{};
  bool has_ended_ = false;
  bool was_dropped_ = false;
  bool is_being_read_ = false;
  std::vector<std::unique_ptr<BodyCheck>> checks_;
  std::exception_ptr failure_;
};

}  // namespace rondo::http
