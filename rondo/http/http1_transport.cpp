// Notes how far an exchange has come, for whoever has to decide whether it may be tried again. A
// large body and the answer travel at the same time: a server may refuse a body that it has not
// read, or answer with what it has read so far, and would wait for its reader for ever.

#include "rondo/http/http1_transport.hpp"

#include <exception>
#include <optional>

#include "rondo/base/error.hpp"
#include "rondo/http/stream_failure.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// What the empty send buffer of a socket takes at once, whether the peer reads or not.
constexpr std::size_t kTakenAtOnce = std::size_t{8} * 1024;

}  // namespace

void Http1Transport::begin(const Hop& hop) noexcept {
  // From here on nobody can say that nothing was sent: a failed write may have been a partial one.
  progress_ = Progress::sent;
  read_limit_ = hop.read_limit;
  sending_.reset();
}

Task<> Http1Transport::send(const Hop& hop) {
  begin(hop);
  std::optional<ExchangeFailure> failure;
  if (hop.body == nullptr || hop.body->size() <= kTakenAtOnce) {
    failure = co_await send_at_once(hop);
  } else {
    failure = co_await send_beside(hop);
  }
  if (!failure) co_return;
  is_cut_ = true;
  // A server that refuses a body answers and closes: its answer says more than the broken pipe.
  bool has_answer = !buffer_.empty();
  try {
    if (hop.body != nullptr && !has_answer) has_answer = co_await receive_more();
  } catch (const ExchangeFailure&) {
    has_answer = false;
  }
  if (!has_answer) throw ExchangeFailure(*failure);
}

Task<std::optional<ExchangeFailure>> Http1Transport::send_at_once(const Hop& hop) {
  const std::string_view body = hop.body ? std::string_view(*hop.body) : std::string_view();
  try {
    co_await stream_->write(hop.head, body);
  } catch (const Error&) {
    co_return stream_failure(std::current_exception());
  }
  co_return std::nullopt;
}

Task<std::optional<ExchangeFailure>> Http1Transport::send_beside(const Hop& hop) {
  sending_.emplace(stream_, hop.head, hop.body);
  co_await with_task_group([this](TaskGroup& group) -> Task<> {
    group.spawn([this, &group]() -> Task<> {
      co_await receive_more();
      group.cancel("the answer has begun, or will never come");
    });
    co_await sending_->wait();
    group.cancel("the request has left");
  });
  if (sending_->error() == nullptr) co_return std::nullopt;
  co_return stream_failure(sending_->error());
}

Task<std::size_t> Http1Transport::receive(std::span<char> into) {
  try {
    std::size_t count = 0;
    if (read_limit_ && expects_answer()) {
      count = co_await timeout(*read_limit_, read(into));
    } else {
      count = co_await stream_->read(into);
    }
    if (count > 0) progress_ = Progress::answered;
    co_return count;
  } catch (const TimeoutError& error) {
    throw ExchangeFailure{ExchangeFault::timed_out, error.what(), nullptr};
  } catch (const Error&) {
    throw stream_failure(std::current_exception());
  }
}

/// While the request is on its way, nobody can say when the answer begins.
bool Http1Transport::expects_answer() const noexcept {
  const bool is_sending = sending_ && !sending_->has_ended();
  return !is_sending || progress_ == Progress::answered;
}

Task<std::size_t> Http1Transport::read(std::span<char> into) {
  co_return co_await stream_->read(into);
}

Task<bool> Http1Transport::receive_more() {
  const std::size_t count = co_await receive(buffer_.prepare());
  buffer_.commit(count);
  co_return count > 0;
}

}  // namespace rondo::http
