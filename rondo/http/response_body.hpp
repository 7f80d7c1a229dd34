#pragma once
// The body of an answer, from the connection to the user: limits, decoding, and what happens to the
// connection.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/client_timeout.hpp"
#include "rondo/http/connection.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/proto/content_decoder.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// What bounds the reading of one body.
struct BodyLimits {
  std::optional<Clock::time_point> deadline = std::nullopt;            ///< of the whole request
  std::uint64_t max_in_memory = 0;                                     ///< for `read_all`
  std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max();  ///< decoded, in any case
  bool may_have_trailers = false;
  RequestTrace* trace = nullptr;  ///< is told of each piece; null: nobody is
};

/// Reads a body to its end and then gives the connection back. Dropped before that, it gives the
/// connection back if the rest is small, and closes it otherwise.
class ResponseBody {
 public:
  /// A rest of at most this many bytes is read and thrown away, for at most `kDrainLimit`.
  static constexpr std::uint64_t kMaxDrained = std::uint64_t{64} * 1024;
  static constexpr std::chrono::seconds kDrainLimit{1};

  /// `method` is that of the request, which the task tree names.
  ResponseBody(EventLoop& loop, Lease lease, BodySource& source,
               std::optional<proto::ContentDecoder> decoder, BodyLimits limits, ErrorSite site,
               std::string method);
  ResponseBody(const ResponseBody&) = delete;
  ResponseBody& operator=(const ResponseBody&) = delete;
  ~ResponseBody() { drop(); }

  /// The next piece, decoded; empty at the end. The view lasts until the next call. A body that has
  /// failed fails with the same error again; one that was dropped throws `InvalidStateError`.
  Task<std::string_view> next();

  /// All that has not been read yet. Errors as above.
  Task<std::string> read_all();

  [[nodiscard]] bool at_end() const noexcept { return has_ended_; }

  /// The fields behind the body, once it has been read to its end.
  [[nodiscard]] const proto::HeaderMap& trailers() const noexcept { return trailers_; }

  /// Bytes that have come so far, before decoding.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  [[nodiscard]] Clock::duration receive_time() const noexcept { return receive_time_; }

  /// Does without the rest.
  void drop() noexcept;

 private:
  class Note;
  std::string_view decode(proto::ContentDecoder& decoder);
  void count(std::string_view piece);
  [[noreturn]] void fail_as_too_large();
  [[nodiscard]] std::string_view take();
  template <class T>
  Task<T> within_limits(Task<T> reading);
  void check_coding_ended();
  Task<> read_plain(std::string& body);
  void require_readable() const;
  void require_room(std::uint64_t size) const;
  [[noreturn]] void fail(const ExchangeFailure& failure);
  [[noreturn]] void fail_to_decode(proto::DecodeError error);
  [[noreturn]] void fail_with(std::exception_ptr error);
  void end() noexcept;
  void close() noexcept;

  LoopReference handle_;
  Lease lease_;
  BodySource* source_;
  std::optional<proto::ContentDecoder> decoder_;
  BodyLimits limits_;
  ErrorSite site_;
  std::string method_;
  std::uint64_t received_ = 0;  // before decoding
  std::uint64_t given_ = 0;     // after it
  proto::HeaderMap trailers_;
  Clock::time_point begun_;
  Clock::duration receive_time_{};
  std::string_view coded_;     // not decoded yet
  bool has_more_out_ = false;  // the decoder filled its output: it may have more
  bool has_ended_ = false;
  bool was_dropped_ = false;
  std::exception_ptr failure_;
  std::vector<char> decoded_;
};

}  // namespace rondo::http
