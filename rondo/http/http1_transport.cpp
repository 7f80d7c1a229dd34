// Notes how far an exchange has come, for whoever has to decide whether it may be tried again. A
// large body and the answer travel at the same time: a server may refuse a body that it has not
// read, or answer with what it has read so far, and would wait for its reader for ever.

#include "rondo/http/http1_transport.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "rondo/http/stream_failure.hpp"
#include "rondo/runtime/task_group.hpp"

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

bool Http1Transport::leaves_at_once(const RequestBody& body) noexcept {
  const auto bytes = body.at_hand();
  return bytes && bytes->size() <= kTakenAtOnce;
}

Http1Write Http1Transport::write(const Hop& hop, Part part) noexcept {
  begin(hop);
  std::string_view bytes;
  if (has_body(hop, part)) bytes = hop.body->at_hand().value_or(std::string_view());
  return {*stream_, part == Part::body ? std::string_view() : hop.head, bytes, hop.trace};
}

Task<> Http1Transport::send(const Hop& hop, Part part) {
  std::optional<ExchangeFailure> failure;
  if (leaves_at_once(hop, part)) {
    failure = co_await write(hop, part);
  } else {
    failure = co_await send_beside(hop, part);
  }
  if (failure) co_await write_failed(hop, part, *failure);
}

Task<> Http1Transport::write_failed(const Hop& hop, Part part, const ExchangeFailure& failure) {
  is_cut_ = true;
  if (failure.fault == ExchangeFault::request) throw ExchangeFailure(failure);
  // A server that refuses a body answers and closes: its answer says more than the broken pipe.
  bool has_answer = !buffer_.empty();
  try {
    if (has_body(hop, part) && !has_answer) {
      const std::size_t count = co_await receive_more();
      has_answer = count > 0;
    }
  } catch (const ExchangeFailure&) {
    has_answer = false;
  }
  if (!has_answer) throw ExchangeFailure(failure);
}

Task<std::optional<ExchangeFailure>> Http1Transport::send_beside(const Hop& hop, Part part) {
  begin(hop);
  std::string head;
  if (part != Part::body) head = hop.head;
  sending_ =
      std::make_unique<BackgroundWrite>(stream_, OutgoingRequest{.head = std::move(head),
                                                                 .body = hop.body->bytes(),
                                                                 .stream = hop.body->stream(),
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

}  // namespace rondo::http
