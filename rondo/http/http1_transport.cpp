// Notes how far an exchange has come, for whoever has to decide whether it may be tried again. A
// large body and the answer travel at the same time: a server may refuse a body that it has not
// read, or answer with what it has read so far, and would wait for its reader for ever.

#include "rondo/http/http1_transport.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/stream_failure.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// What the empty send buffer of a socket takes at once, whether the peer reads or not.
constexpr std::size_t kTakenAtOnce = std::size_t{8} * 1024;

/// Throws what the stream of the body has thrown.
ExchangeFailure write_failure(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const BodyStreamFailure& failure) {
    std::rethrow_exception(failure.error);
  } catch (const ExchangeFailure& failure) {
    return failure;
  } catch (...) {
    return stream_failure(error);
  }
}

}  // namespace

void Http1Transport::begin(const Hop& hop) noexcept {
  // From here on nobody can say that nothing was sent: a failed write may have been a partial one.
  progress_ = Progress::sent;
  read_limit_ = hop.read_limit;
  sending_.reset();
}

Task<> Http1Transport::send(const Hop& hop, Part part) {
  begin(hop);
  const bool has_body = part != Part::head && (hop.body != nullptr || hop.stream != nullptr);
  const bool is_small = !has_body || (hop.body != nullptr && hop.body->size() <= kTakenAtOnce);
  std::optional<ExchangeFailure> failure;
  if (is_small) {
    failure = co_await send_at_once(hop, part);
  } else {
    failure = co_await send_beside(hop, part);
  }
  if (!failure) co_return;
  is_cut_ = true;
  if (failure->fault == ExchangeFault::request) throw ExchangeFailure(*failure);
  // A server that refuses a body answers and closes: its answer says more than the broken pipe.
  bool has_answer = !buffer_.empty();
  try {
    if (has_body && !has_answer) {
      const std::size_t count = co_await receive_more();
      has_answer = count > 0;
    }
  } catch (const ExchangeFailure&) {
    has_answer = false;
  }
  if (!has_answer) throw ExchangeFailure(*failure);
}

Task<std::optional<ExchangeFailure>> Http1Transport::send_at_once(const Hop& hop, Part part) {
  const std::string_view head = part == Part::body ? std::string_view() : hop.head;
  const bool has_body = hop.body != nullptr && part != Part::head;
  const std::string_view body = has_body ? std::string_view(*hop.body) : std::string_view();
  try {
    co_await stream_->write(head, body);
    if (hop.trace != nullptr && !body.empty()) hop.trace->on_request_chunk_sent(body);
  } catch (const Error&) {
    co_return stream_failure(std::current_exception());
  }
  co_return std::nullopt;
}

Task<std::optional<ExchangeFailure>> Http1Transport::send_beside(const Hop& hop, Part part) {
  std::string head;
  if (part != Part::body) head = hop.head;
  sending_.emplace(stream_, OutgoingRequest{.head = std::move(head),
                                            .body = hop.body,
                                            .stream = hop.stream,
                                            .framing = hop.framing,
                                            .trace = hop.trace});
  if (!buffer_.empty()) co_return std::nullopt;
  co_await with_task_group([this](TaskGroup& group) -> Task<> {
    group.spawn([this, &group]() -> Task<> {
      co_await receive_more();
      group.cancel("the answer has begun, or will never come");
    });
    co_await sending_->wait();
    group.cancel("the request has left");
  });
  if (sending_->error() == nullptr) co_return std::nullopt;
  co_return write_failure(sending_->error());
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

Task<std::size_t> Http1Transport::receive_more(std::size_t capacity) {
  const std::size_t count = co_await receive(buffer_.prepare(capacity));
  buffer_.commit(count);
  co_return count;
}

}  // namespace rondo::http
