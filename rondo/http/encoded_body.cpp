// A piece may vanish in the encoder, so a piece of this body may take several of the other.

#include "rondo/http/encoded_body.hpp"

#include <utility>

namespace rondo::http {

EncodedBody::EncodedBody(std::shared_ptr<BodyStream> plain, std::string coding,
                         proto::ContentEncoder encoder) noexcept
    : plain_(std::move(plain)), coding_(std::move(coding)), encoder_(std::move(encoder)) {}

Task<> EncodedBody::start() {
  // One that was given up in the middle would go on where it was.
  encoder_ = std::move(*proto::ContentEncoder::make(coding_));
  has_ended_ = false;
  return plain_->start();
}

Task<std::string_view> EncodedBody::next() {
  piece_.clear();
  while (piece_.empty() && !has_ended_) {
    const std::string_view plain = co_await plain_->next();
    if (plain.empty()) {
      encoder_.finish(piece_);
      has_ended_ = true;
    } else {
      encoder_.encode(plain, piece_);
    }
  }
  co_return piece_;
}

std::optional<RequestBody> encode(const RequestBody& body, std::string_view coding) {
  auto encoder = proto::ContentEncoder::make(coding);
  if (!encoder) return std::nullopt;
  if (body.bytes() != nullptr) {
    std::string encoded;
    encoder->encode(*body.bytes(), encoded);
    encoder->finish(encoded);
    return RequestBody(std::move(encoded), body.content_type());
  }
  return RequestBody::stream(
      std::make_shared<EncodedBody>(body.stream(), std::string(coding), std::move(*encoder)),
      body.content_type());
}

}  // namespace rondo::http
