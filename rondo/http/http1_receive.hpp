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

/// How long a receive may wait. A limit that is not there costs nothing, one that does not pass a
/// place on the timer wheel.
struct ReceiveLimits {
  std::optional<Clock::duration> piece = std::nullopt;  ///< from the beginning of the wait
  std::optional<TotalLimit> total = std::nullopt;
};

/// Throws the failure of a request whose time is over: a peer that sends without a pause never lets
/// a receive wait until then.
void require_time(const std::optional<TotalLimit>& limit);

/// What waits for a receive, and no longer than it may. Throws `ExchangeFailure`; a cancellation
/// from outside counts more than a limit.
class ReceiveAwaiter : public net::detail::StreamAwaiter, private rondo::detail::Timer {
 public:
  /// The number of bytes; 0: the peer has ended the stream.
  std::size_t await_resume();

 protected:
  /// `progress` is set once something has come.
  ReceiveAwaiter(net::ByteStream& stream, Progress& progress,
                 Complete on_end = &ReceiveAwaiter::on_complete) noexcept
      : StreamAwaiter(stream, Kind::receive, on_end),
        Timer(&ReceiveAwaiter::expire),
        progress_(progress) {}
  ~ReceiveAwaiter() = default;

  /// Into memory of the caller's.
  void receive_into(std::span<char> into) noexcept {
    data = into.data();
    size = into.size();
  }

  /// Into `buffer`, which is empty, at most `at_most` bytes: into a block that it takes when
  /// something has come. Whoever waits holds none.
  void receive_into(ReceiveBuffer& buffer, std::size_t at_most) noexcept {
    size = at_most;
    find_room = &ReceiveAwaiter::prepare_buffer;
    buffer_ = &buffer;
  }

  /// The block of `buffer`; see `Operation::find_room`.
  static char* prepare_buffer(Operation& receive) noexcept;

  /// The wait has begun: it ends with the limit that ends first, which an error names.
  void limit_wait(const std::optional<Clock::duration>& piece,
                  const std::optional<TotalLimit>& total) noexcept;

  /// The wait is over. Throws if that was for the limit alone.
  void end_limit();

 private:
  void start_limit(const TotalLimit& limit) noexcept;
  static void expire(Timer& timer) noexcept;
  ReceiveBuffer* buffer_ = nullptr;
  Clock::duration whole_{};  // of the limit that counts
  Progress& progress_;
  bool has_expired_ = false;
};

/// The awaiter of `Http1Transport::receive`: reads what has come, and waits for it as above.
class Http1Receive final : public ReceiveAwaiter {
 public:
  Http1Receive(net::ByteStream& stream, std::span<char> into, const ReceiveLimits& limits,
               Progress& progress) noexcept
      : ReceiveAwaiter(stream, progress), limits_(limits) {
    receive_into(into);
  }
  Http1Receive(net::ByteStream& stream, ReceiveBuffer& buffer, std::size_t at_most,
               const ReceiveLimits& limits, Progress& progress) noexcept
      : ReceiveAwaiter(stream, progress), limits_(limits) {
    receive_into(buffer, at_most);
  }

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    const bool waits = StreamAwaiter::await_suspend(frame);
    if (waits) limit_wait(limits_.piece, limits_.total);
    return waits;
  }

 private:
  ReceiveLimits limits_;
};

}  // namespace rondo::http
