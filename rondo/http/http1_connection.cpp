// The request leaves in one write; the head of the answer is parsed out of the connection's buffer,
// and what is behind it there is the beginning of the body.

#include "rondo/http/http1_connection.hpp"

#include <string>
#include <utility>

#include "rondo/http/hop.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/proto/http1_framing.hpp"
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
      body_(transport_),
      limits_(limits),
      parser_(limits),
      tls_(std::move(tls)),
      needs_shut_down_(needs_shut_down) {}

Task<> Http1Connection::send(const Hop& hop) {
  body_.expect();
  parser_.reset();
  informational_.clear();
  informational_count_ = 0;
  has_final_head_ = false;
  return hop.continue_limit ? send_expecting(hop) : transport_.send(hop);
}

Task<> Http1Connection::send_expecting(const Hop& hop) {
  co_await transport_.send(hop, Http1Transport::Part::head);
  try {
    co_await timeout(*hop.continue_limit, read_heads(hop, true));
  } catch (const TimeoutError&) {
    // Many servers say nothing and wait for the body (RFC 9110 §10.1.1).
  }
  if (has_final_head_) {
    transport_.leave_body();
  } else {
    co_await transport_.send(hop, Http1Transport::Part::body);
  }
}

Task<Reply> Http1Connection::answer(const Hop& hop) {
  const bool has_left_body = has_final_head_;
  if (!has_left_body) co_await read_heads(hop, false);
  Reply reply{.head = parser_.take(), .body = &body_, .has_left_body = has_left_body};
  if (informational_count_ > 0) reply.informational = std::exchange(informational_, {});
  reply.may_have_trailers = begin_body(hop, reply.head);
  co_return reply;
}

Task<> Http1Connection::read_heads(const Hop& hop, bool until_continue) {
  while (informational_count_ <= kMaxInformational) {
    if (transport_.buffer().empty()) {
      const std::size_t count = co_await transport_.receive_more();
      if (count == 0) throw no_answer(parser_.has_begun());
    }
    const auto progress = parser_.feed(transport_.buffer().readable());
    transport_.buffer().consume(progress.consumed);
    if (progress.state == ReadState::error) throw protocol_failure(parser_.error());
    if (progress.state != ReadState::complete) continue;
    const int status = parser_.head().status;
    if (status == 101) throw switched_away();
    if (status >= 200) {
      has_final_head_ = true;
      co_return;
    }
    note_informational(hop);
    if (status == 100 && until_continue) co_return;
  }
  throw ExchangeFailure{ExchangeFault::protocol, "the server sent too many informational answers",
                        nullptr};
}

void Http1Connection::note_informational(const Hop& hop) {
  ++informational_count_;
  if (hop.trace != nullptr) hop.trace->on_informational_response(parser_.head());
  if (parser_.head().status == 100) {
    parser_.reset();
  } else {
    informational_.push_back(parser_.take());
  }
}

bool Http1Connection::begin_body(const Hop& hop, const proto::ResponseHead& head) {
  const auto framing = proto::response_framing(hop.method, head);
  if (!framing) throw protocol_failure(framing.error());
  is_1_0_ = head.minor_version == 0;
  const bool keeps_alive = hop.keep_alive && proto::keeps_alive(head);
  body_.begin(*framing, limits_, keeps_alive);
  return framing->kind == proto::BodyKind::chunked;
}

}  // namespace rondo::http
