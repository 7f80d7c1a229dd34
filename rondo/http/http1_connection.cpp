// The request leaves in one write; the head of the answer is parsed out of the connection's buffer,
// and what is behind it there is the beginning of the body.

#include "rondo/http/http1_connection.hpp"

#include <string>
#include <utility>

#include "rondo/http/hop.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/stage.hpp"
#include "rondo/http/stream_failure.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {

using proto::ReadState;

namespace {

ExchangeFailure protocol_failure(proto::Http1Error error) {
  return {ExchangeFault::protocol, std::string(proto::describe(error)), nullptr};
}

ExchangeFailure no_answer(bool has_begun) {
  return {ExchangeFault::disconnected,
          has_begun ? "the connection ended inside the head of the answer"
                    : "the server closed the connection without an answer",
          nullptr};
}

/// What comes behind such an answer is no HTTP any more (RFC 9110 §15.2.2).
ExchangeFailure switched_away() {
  return {ExchangeFault::protocol,
          "the server switched to another protocol (status 101), and only HTTP is spoken here",
          nullptr};
}

}  // namespace

Http1Connection::Http1Connection(std::unique_ptr<net::ByteStream> stream, bool needs_shut_down,
                                 const proto::Http1Limits& limits,
                                 std::shared_ptr<const tls::TlsInfo> tls)
    : transport_(std::move(stream)),
      needs_shut_down_(needs_shut_down),
      parser_(limits),
      body_(transport_, limits),
      tls_(std::move(tls)),
      limits_(limits) {}

/// Limits are of one exchange: those of an earlier hop do not hold for the next.
void Http1Connection::set_limits(const proto::Http1Limits* of_hop) noexcept {
  if (of_hop == nullptr && !has_limits_of_hop_) return;
  has_limits_of_hop_ = of_hop != nullptr;
  const proto::Http1Limits& limits = of_hop != nullptr ? *of_hop : limits_;
  parser_.set_limits(limits);
  body_.set_limits(limits);
}

void Http1Connection::begin(const Hop& hop, Stage& stage) {
  since_ = get_running_loop().now();
  stage.phase = Phase::send;
  body_.expect();
  set_limits(hop.http1);
  informational_count_ = 0;
  has_sent_ = false;
  has_final_head_ = false;
  has_reply_ = false;
}

Http1Exchange Http1Connection::begin_exchange(Hop& hop, Stage& stage) {
  begin(hop, stage);
  // Who traces a body is told of it before the answer comes.
  const bool is_usual = !hop.continue_limit && Http1Transport::leaves_at_once(hop) &&
                        transport_.buffer().empty() &&
                        (hop.trace == nullptr || hop.body == nullptr);
  return {{*this, transport_, hop, stage}, is_usual};
}

void Http1Connection::note_sent(Hop& hop, Stage& stage) {
  hop.drop_head();
  const auto now = get_running_loop().now();
  stage.timings.send += now - since_;
  stage.phase = Phase::wait;
  since_ = now;
  has_sent_ = true;
}

/// `count` bytes have come into the buffer.
void Http1Connection::require_answer(std::size_t count) const {
  if (count == 0) throw no_answer(has_reply_ && parser_.has_begun());
}

/// From now on; an idle connection, and one whose answer has not begun, have no memory for heads.
void Http1Connection::read_into(Reply& reply) noexcept {
  if (!std::exchange(has_reply_, true)) parser_.read_into(reply.head);
}

bool Http1Connection::take_answer(const Hop& hop, Stage& stage, Reply& reply) {
  read_into(reply);
  read_head(hop, reply);
  if (has_final_head_) end_exchange(hop, stage, reply);
  return has_final_head_;
}

Task<> Http1Connection::finish_exchange(Hop& hop, Stage& stage, Reply& reply) {
  read_into(reply);
  if (!has_sent_) {
    co_await send(hop, reply);
    note_sent(hop, stage);
    reply.has_left_body = has_final_head_;
  }
  while (!has_final_head_) {
    if (transport_.buffer().empty()) co_await receive_more();
    read_head(hop, reply);
  }
  end_exchange(hop, stage, reply);
}

Task<> Http1Connection::send(const Hop& hop, Reply& reply) {
  if (write_error_) {
    const auto failure = stream_failure(std::exchange(write_error_, nullptr));
    co_await transport_.write_failed(hop, Http1Transport::Part::whole, failure);
  } else if (hop.continue_limit) {
    co_await send_expecting(hop, reply);
  } else {
    co_await transport_.send(hop);
  }
}

Task<> Http1Connection::send_expecting(const Hop& hop, Reply& reply) {
  co_await transport_.send(hop, Http1Transport::Part::head);
  try {
    co_await timeout(*hop.continue_limit, wait_for_continue(hop, reply));
  } catch (const TimeoutError&) {
    // Many servers say nothing and wait for the body (RFC 9110 §10.1.1).
  }
  if (has_final_head_) {
    transport_.leave_body();
  } else {
    co_await transport_.send(hop, Http1Transport::Part::body);
  }
}

/// Until the server agrees, or gives its final answer.
Task<> Http1Connection::wait_for_continue(const Hop& hop, Reply& reply) {
  for (int status = 0; status != 100 && !has_final_head_;) {
    if (transport_.buffer().empty()) co_await receive_more();
    status = read_head(hop, reply);
  }
}

Task<> Http1Connection::receive_more() {
  const std::size_t count = co_await transport_.receive_more();
  require_answer(count);
}

/// Reads on in what has come, at most to the end of one head, and gives the status of that; 0: it
/// has not come to its end yet.
int Http1Connection::read_head(const Hop& hop, Reply& reply) {
  const auto progress = parser_.feed(transport_.buffer().readable());
  transport_.buffer().consume(progress.consumed);
  if (progress.state == ReadState::error) throw protocol_failure(parser_.error());
  if (progress.state != ReadState::complete) return 0;
  const int status = parser_.head().status;
  if (status == 101) throw switched_away();
  if (status >= 200) {
    has_final_head_ = true;
  } else {
    note_informational(hop, reply);
  }
  return status;
}

void Http1Connection::note_informational(const Hop& hop, Reply& reply) {
  if (hop.trace != nullptr) hop.trace->on_informational_response(parser_.head());
  if (parser_.head().status == 100) {
    parser_.reset();
  } else {
    reply.informational.push_back(parser_.take());
  }
  if (++informational_count_ > kMaxInformational) {
    throw ExchangeFailure{ExchangeFault::protocol, "the server sent too many informational answers",
                          nullptr};
  }
}

void Http1Connection::end_exchange(const Hop& hop, Stage& stage, Reply& reply) {
  const auto end = proto::response_end(hop.method, reply.head);
  if (!end) throw protocol_failure(end.error());
  is_1_0_ = reply.head.minor_version == 0;
  body_.begin(end->framing, hop.keep_alive && end->keeps_alive);
  reply.body = &body_;
  reply.may_have_trailers = end->framing.kind == proto::BodyKind::chunked;
  stage.timings.wait += get_running_loop().now() - since_;
}

}  // namespace rondo::http
