// The limit ends the wait exactly as a cancellation would, and is told from one by who asked: so
// what has come in the same moment is never lost.

#include "rondo/http/http1_receive.hpp"

#include <cerrno>
#include <exception>

#include "rondo/base/error.hpp"
#include "rondo/http/failures.hpp"
#include "rondo/http/stream_failure.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo::http {

void require_time(const std::optional<TotalLimit>& limit) {
  if (limit && get_running_loop().time() >= limit->deadline) throw timed_out(limit->whole);
}

void ReceiveAwaiter::limit_wait(const std::optional<Clock::duration>& piece,
                                const std::optional<TotalLimit>& total) noexcept {
  if (piece) {
    const auto end = fiber()->loop().moment_in(*piece);
    if (!total || end < total->deadline) return start_limit({end, *piece});
  }
  if (total) start_limit(*total);
}

void ReceiveAwaiter::start_limit(const TotalLimit& limit) noexcept {
  whole_ = limit.whole;
  fiber()->loop().schedule_at(*this, limit.deadline);
}

void ReceiveAwaiter::expire(Timer& timer) noexcept {
  auto& receive = static_cast<ReceiveAwaiter&>(timer);
  receive.has_expired_ = true;
  receive.fiber()->interrupt();
}

char* ReceiveAwaiter::prepare_buffer(Operation& receive) noexcept {
  return static_cast<ReceiveAwaiter&>(receive).buffer_->prepare(receive.size);
}

void ReceiveAwaiter::end_limit() {
  Timer::unlink();
  if (!has_expired_ || result != -ECANCELED || fiber()->is_cancelled()) return;
  throw timed_out(whole_);
}

std::size_t ReceiveAwaiter::await_resume() {
  end_limit();
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
