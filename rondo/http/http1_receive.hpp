#pragma once
// Receiving on an HTTP/1.1 connection, without a coroutine frame of its own.

#include <coroutine>
#include <cstddef>
#include <optional>
#include <span>

#include "rondo/http/connection.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/timer_wheel.hpp"

namespace rondo::http {

/// What waits for a receive, and no longer than `limit`. A limit that is not there costs nothing,
/// one that does not pass a place on the timer wheel. Throws `ExchangeFailure`; a cancellation from
/// outside counts more than the limit.
class ReceiveAwaiter : public net::detail::StreamAwaiter, private rondo::detail::Timer {
 public:
  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    const bool waits = StreamAwaiter::await_suspend(frame);
    if (waits && limit_) start_limit(fiber()->loop().moment_in(*limit_), *limit_);
    return waits;
  }

  /// The number of bytes; 0: the peer has ended the stream.
  std::size_t await_resume();

 protected:
  /// `progress` is set once something has come.
  ReceiveAwaiter(net::ByteStream& stream, std::optional<Clock::duration> limit, Progress& progress,
                 Complete on_end = &ReceiveAwaiter::on_complete) noexcept
      : StreamAwaiter(stream, Kind::receive, on_end),
        Timer(&ReceiveAwaiter::expire),
        limit_(limit),
        progress_(progress) {}
  ~ReceiveAwaiter() = default;

  /// Into memory of the caller's.
  void receive_into(std::span<char> into) noexcept {
    data = into.data();
    size = into.size();
  }

  /// Into `buffer`, which is empty: into a block of `capacity` that it takes when something has
  /// come. Whoever waits holds none.
  void receive_into(ReceiveBuffer& buffer, std::size_t capacity) noexcept {
    size = capacity;
    find_room = &ReceiveAwaiter::prepare_buffer;
    buffer_ = &buffer;
  }

  /// The wait has begun, and ends at `deadline`, which an error says is the end of `whole`.
  void start_limit(Clock::time_point deadline, Clock::duration whole) noexcept;

  /// The wait is over. Throws if that was for the limit alone.
  void end_limit();

 private:
  static void expire(Timer& timer) noexcept;
  static char* prepare_buffer(Operation& receive) noexcept;

  ReceiveBuffer* buffer_ = nullptr;
  std::optional<Clock::duration> limit_;
  Clock::duration whole_{};  // of the limit that counts
  Progress& progress_;
  bool has_expired_ = false;
};

/// The awaiter of `Http1Transport::receive`: reads what has come, and waits for it as above.
class Http1Receive final : public ReceiveAwaiter {
 public:
  Http1Receive(net::ByteStream& stream, std::span<char> into, std::optional<Clock::duration> limit,
               Progress& progress) noexcept
      : ReceiveAwaiter(stream, limit, progress) {
    receive_into(into);
  }
  Http1Receive(net::ByteStream& stream, ReceiveBuffer& buffer, std::size_t capacity,
               std::optional<Clock::duration> limit, Progress& progress) noexcept
      : ReceiveAwaiter(stream, limit, progress) {
    receive_into(buffer, capacity);
  }
};

}  // namespace rondo::http
