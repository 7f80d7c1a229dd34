#pragma once
// One receive on an HTTP/1.1 connection, without a coroutine frame of its own.

#include <coroutine>
#include <cstddef>
#include <optional>
#include <span>

#include "rondo/http/connection.hpp"
#include "rondo/http/receive_buffer.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/timer_wheel.hpp"

namespace rondo::http {

/// The awaiter of `Http1Transport::receive`: reads what has come, and waits for it no longer than
/// `limit`. A limit that is not there costs nothing, one that does not pass a place on the timer
/// wheel. Throws `ExchangeFailure`; a cancellation from outside counts more than the limit.
class Http1Receive final : public net::detail::StreamAwaiter, private rondo::detail::Timer {
 public:
  /// Into memory of the caller's. `progress` is set once something has come.
  Http1Receive(net::ByteStream& stream, std::span<char> into, std::optional<Clock::duration> limit,
               Progress& progress) noexcept;

  /// Into `buffer`, which is empty: into a block of `capacity`.
  Http1Receive(net::ByteStream& stream, ReceiveBuffer& buffer, std::size_t capacity,
               std::optional<Clock::duration> limit, Progress& progress);

  template <class P>
  bool await_suspend(std::coroutine_handle<P> frame) {
    const bool waits = StreamAwaiter::await_suspend(frame);
    if (waits && limit_) start_limit(*frame.promise().fiber());
    return waits;
  }

  /// The number of bytes; 0: the peer has ended the stream.
  std::size_t await_resume();

 private:
  [[noreturn]] void throw_timed_out() const;
  void start_limit(rondo::detail::Fiber& fiber) noexcept;
  static void expire(Timer& timer) noexcept;

  ReceiveBuffer* buffer_ = nullptr;
  std::optional<Clock::duration> limit_;
  Progress& progress_;
  rondo::detail::Fiber* fiber_ = nullptr;  // that waits no longer than the limit
  bool has_expired_ = false;
};

}  // namespace rondo::http
