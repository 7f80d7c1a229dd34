#pragma once
// The bytes of an HTTP/1.1 connection: what head and body are received through.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "rondo/http/background_write.hpp"
#include "rondo/http/connection.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/http1_receive.hpp"
#include "rondo/http/http1_write.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// A stream and the buffer in front of it. Failures come as `ExchangeFailure`.
class Http1Transport {
 public:
  explicit Http1Transport(std::unique_ptr<net::ByteStream> stream) : stream_(std::move(stream)) {}

  enum class Part : std::uint8_t { whole, head, body };

  /// Whether that part of a request leaves in one write, which need not wait for the peer's
  /// reading.
  [[nodiscard]] static bool leaves_at_once(const Hop& hop, Part part = Part::whole) noexcept {
    return !has_body(hop, part) || leaves_at_once(*hop.body);
  }

  /// Sends a part that leaves at once, and gives what that has failed with: see `write_failed`.
  [[nodiscard]] Http1Write write(const Hop& hop, Part part = Part::whole) noexcept;

  /// Sends that part of the request: returns when all of it has left, or when the peer has begun to
  /// answer. What has not left then is sent while the answer is read. Throws what the body's stream
  /// throws, too.
  Task<> send(const Hop& hop, Part part = Part::whole);

  /// Not all of that part has left: throws `failure`, unless the peer has answered nevertheless.
  Task<> write_failed(const Hop& hop, Part part, const ExchangeFailure& failure);

  /// The body is not sent any more, for the answer to its head has come.
  void leave_body() noexcept { is_cut_ = true; }

  /// Receives into memory of the caller's, within `limit`, too, which may be over already; 0: the
  /// peer has ended the stream.
  [[nodiscard]] Http1Receive receive(std::span<char> into, const std::optional<TotalLimit>& limit) {
    require_time(limit);
    return {*stream_, into, {limit_of_piece(), limit}, progress_};
  }

  /// The same into the buffer, which is empty.
  [[nodiscard]] Http1Receive receive_more(std::size_t at_most = ReceiveBuffer::kCapacity,
                                          const std::optional<TotalLimit>& limit = std::nullopt) {
    require_time(limit);
    return {*stream_, buffer_, at_most, {limit_of_piece(), limit}, progress_};
  }

  /// How much the first receive of a usual answer takes: what of the body comes with the head is
  /// copied once more, where the body has a place of its own.
  void set_answer_room(std::size_t size) noexcept { answer_room_ = size; }
  [[nodiscard]] std::size_t answer_room() const noexcept { return answer_room_; }

  [[nodiscard]] ReceiveBuffer& buffer() noexcept { return buffer_; }
  [[nodiscard]] net::ByteStream& stream() noexcept { return *stream_; }
  [[nodiscard]] const net::ByteStream& stream() const noexcept { return *stream_; }
  [[nodiscard]] Progress progress() const noexcept { return progress_; }

  /// Whether the last request has left as a whole: otherwise nothing can follow it.
  [[nodiscard]] bool has_sent_all() const noexcept {
    return !is_cut_ && (!sending_ || sending_->has_succeeded());
  }

 private:
  /// Whether there is a body in that part of the request.
  static bool has_body(const Hop& hop, Part part) noexcept {
    return part != Part::head && hop.body != nullptr;
  }
  static bool leaves_at_once(const RequestBody& body) noexcept;

  friend class Http1Exchange;  // writes as `write` does, and receives as `receive_more`
  void begin(const Hop& hop) noexcept;
  Task<std::optional<ExchangeFailure>> send_beside(const Hop& hop, Part part);

  /// While the request is on its way, nobody can say when the answer begins.
  [[nodiscard]] std::optional<Clock::duration> limit_of_piece() const noexcept {
    const bool is_sending = sending_ && !sending_->has_ended();
    return is_sending && progress_ != Progress::answered ? std::nullopt : read_limit_;
  }

  std::shared_ptr<net::ByteStream> stream_;
  ReceiveBuffer buffer_;
  std::unique_ptr<BackgroundWrite> sending_;  // of a request that is too large to leave at once
  std::optional<Clock::duration> read_limit_;
  std::size_t answer_room_ = ReceiveBuffer::kCapacity;
  Progress progress_ = Progress::unsent;
  bool is_cut_ = false;
};

}  // namespace rondo::http
