// Pieces are views into the connection's buffer. What has not come yet, and is known to be nothing
// but body, is received straight into the caller's memory.

#include "rondo/http/http1_body.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace rondo::http {

using proto::ReadState;

namespace {

/// Below this a receive into the caller's memory is not worth leaving the rest of a packet in the
/// kernel.
constexpr std::size_t kDirectRead = 4096;

/// Of an answer behind a body that was received into the caller's memory, so much comes first: a
/// head, as a rule, and little of a body that is like the one before.
constexpr std::size_t kHeadRoom = 2048;

/// A body of which so much has come, and comes in pieces of that size, is received in large blocks.
constexpr std::uint64_t kLargeBody = 4 * ReceiveBuffer::kCapacity;
constexpr std::size_t kLargePiece = ReceiveBuffer::kCapacity / 2;

}  // namespace

void Http1Body::begin(const proto::BodyFraming& framing, bool keeps_alive) noexcept {
  decoder_.reset(framing);
  left_over_ = {};
  taken_ = 0;
  last_receive_ = 0;
  keeps_alive_ = keeps_alive;
  transport_.set_answer_room(ReceiveBuffer::kCapacity);
  if (decoder_.state() == ReadState::complete) end();
}

bool Http1Body::at_end() const noexcept {
  return left_over_.empty() && decoder_.state() == ReadState::complete;
}

void Http1Body::end() noexcept {
  is_busy_ = false;
  // Bytes behind the message belong to no request of ours.
  if (!transport_.buffer().empty()) keeps_alive_ = false;
}

std::string_view Http1Body::take() {
  if (!left_over_.empty()) return std::exchange(left_over_, {});
  return next_piece();
}

/// What is wrong behind a piece is said when the piece has been taken.
std::string_view Http1Body::next_piece() {
  ReceiveBuffer& buffer = transport_.buffer();
  while (!buffer.empty() && decoder_.state() == ReadState::need_more) {
    const auto piece = decoder_.feed(buffer.readable());
    buffer.consume(piece.consumed);
    if (decoder_.state() == ReadState::complete) end();
    if (piece.data.empty()) continue;
    taken_ += piece.data.size();
    return piece.data;
  }
  if (decoder_.state() == ReadState::error) fail();
  return {};
}

void Http1Body::fail() const {
  throw ExchangeFailure{ExchangeFault::payload, std::string(proto::describe(decoder_.error())),
                        nullptr};
}

void Http1Body::check() {
  if (decoder_.state() == ReadState::error) fail();
  if (decoder_.state() == ReadState::complete) end();
}

Task<> Http1Body::fill(std::optional<TotalLimit> limit) {
  const bool must_wait = transport_.buffer().empty() && decoder_.state() == ReadState::need_more;
  if (!must_wait) co_return;
  const bool is_large = taken_ >= kLargeBody && last_receive_ >= kLargePiece;
  last_receive_ = co_await transport_.receive_more(
      is_large ? ReceiveBuffer::kLargeCapacity : ReceiveBuffer::kCapacity, limit);
  if (last_receive_ == 0) {
    decoder_.end_of_input();
    check();
  }
}

Task<std::size_t> Http1Body::read_into(std::span<char> into, std::optional<TotalLimit> limit) {
  while (!into.empty() && !at_end()) {
    const std::string_view data = take();
    if (!data.empty()) {
      const std::size_t count = std::min(data.size(), into.size());
      std::memcpy(into.data(), data.data(), count);
      left_over_ = data.substr(count);
      co_return count;
    }
    const auto direct =
        static_cast<std::size_t>(std::min<std::uint64_t>(decoder_.contiguous(), into.size()));
    if (direct >= kDirectRead) {
      const std::size_t count = co_await transport_.receive(into.first(direct), limit);
      if (count == 0) {
        decoder_.end_of_input();
      } else {
        transport_.set_answer_room(kHeadRoom);
        static_cast<void>(decoder_.feed({into.data(), count}));
      }
      check();
      co_return count;
    }
    co_await fill(limit);
  }
  co_return std::size_t{0};
}

}  // namespace rondo::http
