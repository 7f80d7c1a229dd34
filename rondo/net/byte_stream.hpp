#pragma once
// A connection as a stream of bytes: what HTTP is spoken over, whether TCP, TLS, a Unix socket or a
// test's memory.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "rondo/runtime/operation.hpp"
#include "rondo/runtime/operation_awaiter.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::net {

class ByteStream;

namespace detail {

/// What reading and writing have in common.
class StreamAwaiter : public rondo::detail::OperationAwaiter {
 protected:
  StreamAwaiter(ByteStream& stream, Kind kind_of_operation,
                Complete on_end = &StreamAwaiter::on_complete) noexcept
      : OperationAwaiter(on_end), stream_(stream) {
    kind = kind_of_operation;
  }
  ~StreamAwaiter() = default;

  /// The number of bytes; throws `Cancelled`, or what the stream makes of the error.
  std::size_t transferred() const;

  bool start(Operation& operation) override;

  [[nodiscard]] const ByteStream& stream() const noexcept { return stream_; }

 private:
  void stop(Operation& operation) noexcept final;

  ByteStream& stream_;
};

}  // namespace detail

/// The awaiter of `ByteStream::read`.
class StreamRead final : public detail::StreamAwaiter {
 public:
  StreamRead(ByteStream& stream, std::span<char> into) noexcept;
  std::size_t await_resume() const { return transferred(); }
};

/// The awaiter of `ByteStream::write`.
class StreamWrite final : public detail::StreamAwaiter {
 public:
  StreamWrite(ByteStream& stream, std::string_view first, std::string_view second) noexcept;
  void await_resume() const { static_cast<void>(transferred()); }
};

/// A two-way stream of bytes. At most one read and one write may be under way at a time, side by
/// side. Destroying the stream closes it at once and ends nothing in good order; `shut_down` does
/// that. Not while a read or write is under way. One loop only; a stream that outlives its loop can
/// only be destroyed.
class ByteStream {
 public:
  ByteStream() = default;
  ByteStream(const ByteStream&) = delete;
  ByteStream& operator=(const ByteStream&) = delete;
  virtual ~ByteStream() = default;

  /// Reads what has come, at most `into.size()` bytes, and waits while there is nothing. 0: the
  /// peer has ended the stream in good order. `into` must last as long as the await. Cancelling
  /// loses nothing: what has come is there for the next read. Throws `OsError`, or the error of the
  /// stream's own kind.
  [[nodiscard]] StreamRead read(std::span<char> into) noexcept { return {*this, into}; }

  /// Writes both parts whole, in as few packets as the system allows. A cancelled write may have
  /// written a part: the stream is then of no further use. Errors as above.
  [[nodiscard]] StreamWrite write(std::string_view first, std::string_view second = {}) noexcept {
    return {*this, first, second};
  }

  /// Tells the peer that this is the end, and for TLS awaits its `close_notify`; no reads and
  /// writes afterwards. Ends at once when the stream has failed. Give it a deadline: the peer may
  /// never answer.
  virtual Task<> shut_down() = 0;

  /// Whether an idle stream can be used again: nothing has come that nobody asked for, and the peer
  /// has not ended it. After a no, what has come can be read without waiting.
  [[nodiscard]] virtual bool is_quiet() noexcept = 0;

  /// The peer's address as in "127.0.0.1:443" or "[::1]:443"; a path for Unix sockets.
  [[nodiscard]] virtual std::string_view peer() const noexcept = 0;

  // For awaiters and for streams that are built on this one.

  /// Starts a `receive` or `send`; as `Reactor::submit`. Where a receive goes is known behind its
  /// `has_room`.
  virtual bool start(rondo::detail::Operation& operation) noexcept = 0;

  /// As `Reactor::cancel`.
  virtual void stop(rondo::detail::Operation& operation) noexcept = 0;

  /// Throws the error that `operation` ended with: its result is negative.
  [[noreturn]] virtual void throw_error(const rondo::detail::Operation& operation) const;
};

}  // namespace rondo::net
