// Each piece of a stream leaves in one write, its chunk header in front; the line end behind a
// chunk leaves with the next one.

#include "rondo/http/body_writer.hpp"

#include "rondo/http/connection.hpp"
#include "rondo/proto/http1_chunk.hpp"
#include "rondo/runtime/cancelled.hpp"

namespace rondo::http {
namespace {

ExchangeFailure wrong_length(const char* reason) {
  return {ExchangeFault::request, reason, nullptr};
}

Task<std::string_view> next_piece(BodyStream& stream) {
  try {
    co_return co_await stream.next();
  } catch (const Cancelled&) {
    throw;
  } catch (...) {
    throw BodyStreamFailure{std::current_exception()};
  }
}

void tell(const OutgoingRequest& request, std::string_view piece) {
  if (request.trace != nullptr) request.trace->on_request_chunk_sent(piece);
}

Task<> write_sized(net::ByteStream& to, OutgoingRequest& request) {
  std::uint64_t left = request.framing.length;
  while (true) {
    const std::string_view piece = co_await next_piece(*request.stream);
    if (piece.empty()) break;
    if (piece.size() > left) throw wrong_length("the body is longer than its stream has said");
    left -= piece.size();
    co_await to.write(piece);
    tell(request, piece);
  }
  if (left > 0) throw wrong_length("the body is shorter than its stream has said");
}

Task<> write_chunked(net::ByteStream& to, OutgoingRequest& request) {
  std::string framing;
  while (true) {
    const std::string_view piece = co_await next_piece(*request.stream);
    if (piece.empty()) break;
    framing.append(proto::ChunkHeader(piece.size()).text());
    co_await to.write(framing, piece);
    tell(request, piece);
    framing.assign(proto::kChunkEnd);
  }
  framing.append(proto::kLastChunk);
  co_await to.write(framing);
}

}  // namespace

Task<> write_request(net::ByteStream& to, OutgoingRequest& request) {
  if (request.stream == nullptr) {
    const std::string_view body = request.body ? std::string_view(*request.body) : "";
    co_await to.write(request.head, body);
    if (!body.empty()) tell(request, body);
    co_return;
  }
  if (!request.head.empty()) co_await to.write(request.head);
  if (request.framing.kind == proto::BodyKind::chunked) {
    co_await write_chunked(to, request);
  } else {
    co_await write_sized(to, request);
  }
}

}  // namespace rondo::http
