#pragma once
// A body that is compressed while it is sent.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/http/request_body.hpp"
#include "rondo/proto/content_encoder.hpp"

namespace rondo::http {

/// What another stream gives, compressed; of unknown size, therefore.
class EncodedBody final : public BodyStream {
 public:
  EncodedBody(std::shared_ptr<BodyStream> plain, std::string coding,
              proto::ContentEncoder encoder) noexcept;

  Task<> start() override;
  Task<std::string_view> next() override;
  bool is_replayable() const noexcept override { return plain_->is_replayable(); }

 private:
  std::shared_ptr<BodyStream> plain_;
  std::string coding_;
  proto::ContentEncoder encoder_;
  std::string piece_;
  bool has_ended_ = false;
};

/// `body` in a coding that `proto::ContentEncoder` knows: bytes at once, a stream while it is sent.
/// Nothing for others.
[[nodiscard]] std::optional<RequestBody> encode(const RequestBody& body, std::string_view coding);

}  // namespace rondo::http
