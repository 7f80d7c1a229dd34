#pragma once
// What a parser made of its input, as one line of text that tests compare and print.

#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_body.hpp"
#include "rondo/proto/http1_head.hpp"

#include "http1_pieces.hpp"

namespace rondo::proto::testing {

inline std::string words_of(const HeaderMap& headers) {
  std::string text;
  for (const Field field : headers) {
    text.append(" [").append(field.name).append("=").append(field.value).append("]");
  }
  return text;
}

inline std::string words_of(const ResponseHead& head) {
  return "1." + std::to_string(head.minor_version) + " " + std::to_string(head.status) + " '" +
         head.reason + "'" + words_of(head.headers);
}

inline std::string words_of(const RequestHead& head) {
  return head.method + " " + head.target + " 1." + std::to_string(head.minor_version) +
         words_of(head.headers);
}

inline std::string error_of(Http1Error error) {
  return "error: " + std::string(describe(error));
}

/// "complete N: <head>" with the number of bytes consumed, "need_more", or "error: <words>".
template <class Parser>
std::string read_head(Parser& parser, const Pieces& pieces) {
  std::size_t consumed = 0;
  ReadState state = ReadState::need_more;
  pieces.each([&](std::string_view piece) {
    const ReadProgress progress = parser.feed(piece);
    state = progress.state;
    consumed += progress.consumed;
    if (state == ReadState::need_more && progress.consumed != piece.size())
      state = ReadState::error;
    return state == ReadState::need_more;
  });
  if (state == ReadState::error) return error_of(parser.error());
  if (state == ReadState::need_more) return "need_more";
  return "complete " + std::to_string(consumed) + ": " + words_of(parser.head());
}

/// "complete N 'data'", "need_more 'data'" or "error: <words> 'data'", and the trailers.
inline std::string read_body(BodyDecoder& body, const Pieces& pieces, bool then_end = false) {
  std::size_t consumed = 0;
  std::string data;
  pieces.each([&](std::string_view piece) {
    while (!piece.empty() && body.state() == ReadState::need_more) {
      const BodyPiece step = body.feed(piece);
      data.append(step.data);
      consumed += step.consumed;
      if (step.consumed == 0 && step.state == ReadState::need_more) return false;
      piece.remove_prefix(step.consumed);
    }
    return body.state() == ReadState::need_more;
  });
  if (then_end) body.end_of_input();
  std::string words = "need_more";
  if (body.state() == ReadState::error) words = error_of(body.error());
  if (body.state() == ReadState::complete) words = "complete " + std::to_string(consumed);
  return words + " '" + data + "'" + words_of(body.trailers());
}

}  // namespace rondo::proto::testing
