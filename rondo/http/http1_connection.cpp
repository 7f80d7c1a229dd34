// The request leaves in one write. The answer is received into a block that belongs to the
// connection while it is busy; the head is parsed out of it, pieces of the body are handed out as
// views into it. A body of known length that has not come yet is received straight into the
// caller's memory.

#include "rondo/http/http1_connection.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/stream_failure.hpp"
#include "rondo/proto/http1_framing.hpp"

namespace rondo::http {

using proto::ReadState;

namespace {

/// Below this a receive into the caller's memory is not worth leaving the rest of a packet in the
/// kernel.
constexpr std::size_t kDirectRead = 4096;

ExchangeFailure protocol_failure(proto::Http1Error error) {
  return {ExchangeFault::protocol, std::string(proto::describe(error)), nullptr};
}

}  // namespace

Http1Connection::Http1Connection(std::unique_ptr<net::ByteStream> stream, bool is_secure,
                                 const proto::Http1Limits& limits)
    : stream_(std::move(stream)), limits_(limits), parser_(limits), is_secure_(is_secure) {}

Task<> Http1Connection::send(const Hop& hop) {
  is_busy_ = true;
  parser_.reset();
  std::optional<ExchangeFailure> failure;
  // From here on nobody can say that nothing was sent: a failed write may have been a partial one.
  progress_ = Progress::sent;
  try {
    co_await stream_->write(hop.head, hop.body);
  } catch (const Error&) {
    failure = stream_failure(std::current_exception());
  }
  if (!failure) co_return;
  // A server that refuses a body answers and closes: its answer says more than the broken pipe.
  bool has_answer = false;
  try {
    if (!hop.body.empty()) has_answer = co_await receive_more();
  } catch (const ExchangeFailure&) {
    has_answer = false;
  }
  if (!has_answer) throw *failure;
}

Task<Reply> Http1Connection::answer(const Hop& hop) {
  co_await read_head();
  Reply reply{parser_.take(), this};
  begin_body(hop, reply.head);
  co_return reply;
}

Task<std::size_t> Http1Connection::receive(std::span<char> into) {
  try {
    const std::size_t count = co_await stream_->read(into);
    if (count > 0) progress_ = Progress::answered;
    co_return count;
  } catch (const Error&) {
    throw stream_failure(std::current_exception());
  }
}

Task<bool> Http1Connection::receive_more() {
  const std::size_t count = co_await receive(buffer_.prepare());
  buffer_.commit(count);
  co_return count > 0;
}

Task<> Http1Connection::read_head() {
  for (int informational = 0; informational <= kMaxInformational;) {
    const bool has_input = !buffer_.empty() || co_await receive_more();
    if (!has_input) {
      throw ExchangeFailure{ExchangeFault::disconnected,
                            parser_.has_begun()
                                ? "the connection ended inside the head of the answer"
                                : "the server closed the connection without an answer",
                            nullptr};
    }
    const auto [consumed, state] = parser_.feed(buffer_.readable());
    buffer_.consume(consumed);
    if (state == ReadState::error) throw protocol_failure(parser_.error());
    if (state != ReadState::complete) continue;
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
  keeps_alive_ = hop.keep_alive && proto::keeps_alive(head) && head.status != 101 &&
                 framing->kind != proto::BodyKind::until_close;
  body_ = proto::BodyDecoder(*framing, limits_);
  left_over_ = {};
  if (body_.state() == ReadState::complete) end_body();
}

bool Http1Connection::at_end() const noexcept {
  return left_over_.empty() && body_.state() == ReadState::complete;
}

void Http1Connection::end_body() noexcept {
  is_busy_ = false;
  // Bytes behind the message belong to no request of ours.
  if (!buffer_.empty()) keeps_alive_ = false;
}

void Http1Connection::rest() noexcept {
  buffer_.release();
}

std::string_view Http1Connection::take() {
  if (!left_over_.empty()) return std::exchange(left_over_, {});
  return next_piece();
}

std::string_view Http1Connection::next_piece() {
  while (!buffer_.empty() && body_.state() == ReadState::need_more) {
    const auto piece = body_.feed(buffer_.readable());
    buffer_.consume(piece.consumed);
    check_body();
    if (!piece.data.empty()) return piece.data;
  }
  return {};
}

void Http1Connection::check_body() {
  if (body_.state() == ReadState::error) {
    throw ExchangeFailure{ExchangeFault::payload, std::string(proto::describe(body_.error())),
                          nullptr};
  }
  if (body_.state() == ReadState::complete) end_body();
}

Task<> Http1Connection::fill() {
  if (!buffer_.empty() || body_.state() != ReadState::need_more) co_return;
  if (co_await receive_more()) co_return;
  body_.end_of_input();
  check_body();
}

Task<std::size_t> Http1Connection::read_into(std::span<char> into) {
  while (!into.empty() && !at_end()) {
    if (const std::string_view data = take(); !data.empty()) {
      const std::size_t count = std::min(data.size(), into.size());
      std::memcpy(into.data(), data.data(), count);
      left_over_ = data.substr(count);
      co_return count;
    }
    const std::size_t direct =
        static_cast<std::size_t>(std::min<std::uint64_t>(body_.contiguous(), into.size()));
    if (direct < kDirectRead || !buffer_.empty()) {
      co_await fill();
      continue;
    }
    const std::size_t count = co_await receive(into.first(direct));
    if (count == 0) {
      body_.end_of_input();
    } else {
      static_cast<void>(body_.feed({into.data(), count}));
    }
    check_body();
    co_return count;
  }
  co_return 0;
}

}  // namespace rondo::http
