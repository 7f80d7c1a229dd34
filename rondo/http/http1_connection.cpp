// The request leaves in one write; the head of the answer is parsed out of the connection's buffer,
// and what is behind it there is the beginning of the body.

#include "rondo/http/http1_connection.hpp"

#include <string>
#include <utility>

#include "rondo/http/hop.hpp"
#include "rondo/proto/http1_framing.hpp"

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

}  // namespace

Http1Connection::Http1Connection(std::unique_ptr<net::ByteStream> stream, bool is_secure,
                                 const proto::Http1Limits& limits)
    : transport_(std::move(stream)),
      body_(transport_),
      limits_(limits),
      parser_(limits),
      is_secure_(is_secure) {}

Task<> Http1Connection::send(const Hop& hop) {
  body_.expect();
  parser_.reset();
  return transport_.send(hop);
}

Task<Reply> Http1Connection::answer(const Hop& hop) {
  co_await read_head();
  Reply reply{parser_.take(), &body_};
  begin_body(hop, reply.head);
  co_return reply;
}

Task<> Http1Connection::read_head() {
  for (int informational = 0; informational <= kMaxInformational;) {
    if (transport_.buffer().empty()) {
      const bool has_come = co_await transport_.receive_more();
      if (!has_come) throw no_answer(parser_.has_begun());
    }
    const auto progress = parser_.feed(transport_.buffer().readable());
    transport_.buffer().consume(progress.consumed);
    if (progress.state == ReadState::error) throw protocol_failure(parser_.error());
    if (progress.state != ReadState::complete) continue;
    const int status = parser_.head().status;
    if (status >= 200 || status == 101) co_return;
    parser_.reset();
    ++informational;
  }
  throw ExchangeFailure{ExchangeFault::protocol, "the server sent too many informational answers",
                        nullptr};
}

void Http1Connection::begin_body(const Hop& hop, const proto::ResponseHead& head) {
  const auto framing = proto::response_framing(hop.method, head);
  if (!framing) throw protocol_failure(framing.error());
  is_1_0_ = head.minor_version == 0;
  const bool keeps_alive = hop.keep_alive && proto::keeps_alive(head) && head.status != 101;
  body_.begin(*framing, limits_, keeps_alive);
}

}  // namespace rondo::http
