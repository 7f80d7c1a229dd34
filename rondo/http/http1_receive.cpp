// The limit ends the wait exactly as a cancellation would, and is told from one by who asked: so
// what has come in the same moment is never lost.

#include "rondo/http/http1_receive.hpp"

#include <cerrno>
#include <exception>

#include "rondo/base/error.hpp"
#include "rondo/http/stream_failure.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {

Http1Receive::Http1Receive(net::ByteStream& stream, std::span<char> into,
                           std::optional<Clock::duration> limit, Progress& progress) noexcept
    : StreamAwaiter(stream, Kind::receive),
      Timer(&Http1Receive::expire),
      limit_(limit),
      progress_(progress) {
  data = into.data();
  size = into.size();
}

Http1Receive::Http1Receive(net::ByteStream& stream, ReceiveBuffer& buffer, std::size_t capacity,
                           std::optional<Clock::duration> limit, Progress& progress)
    : Http1Receive(stream, buffer.prepare(capacity), limit, progress) {
  buffer_ = &buffer;
}

void Http1Receive::start_limit(rondo::detail::Fiber& fiber) noexcept {
  fiber_ = &fiber;
  fiber.loop().schedule(*this, *limit_);
}

void Http1Receive::expire(Timer& timer) noexcept {
  auto& receive = static_cast<Http1Receive&>(timer);
  receive.has_expired_ = true;
  receive.fiber_->interrupt();
}

void Http1Receive::throw_timed_out() const {
  try {
    rondo::detail::throw_timeout(*limit_);
  } catch (const TimeoutError& error) {
    throw ExchangeFailure{ExchangeFault::timed_out, error.what(), nullptr};
  }
}

std::size_t Http1Receive::await_resume() {
  Timer::unlink();
  if (has_expired_ && result == -ECANCELED && !fiber_->is_cancelled()) throw_timed_out();
  try {
    const std::size_t count = transferred();
    if (count > 0) progress_ = Progress::answered;
    if (buffer_ != nullptr) buffer_->commit(count);
    return count;
  } catch (const Error&) {
    throw stream_failure(std::current_exception());
  }
}

}  // namespace rondo::http
