#pragma once
// Who has the last word on a body: what an answer says of its body can be judged at its end only.

#include <memory>
#include <string_view>

#include "rondo/http/response.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// Looks on while a body is read. What of a body nobody reads, it does not see, and then it is not
/// asked.
class BodyCheck {
 public:
  BodyCheck() = default;
  BodyCheck(const BodyCheck&) = delete;
  BodyCheck& operator=(const BodyCheck&) = delete;
  virtual ~BodyCheck() = default;

  /// The next bytes, as they came: without the framing of the transfer, and not decoded.
  virtual void update(std::string_view bytes) = 0;

  /// The body is whole. Throws what reading it is to fail with.
  virtual void finish(const proto::HeaderMap& trailers) = 0;
};

/// Lets `check` look at the body of `response`, beside earlier ones. Without effect if somebody has
/// begun to read it. Throws what the check does if there is no body.
void check_body(Response& response, std::unique_ptr<BodyCheck> check);

/// Whether fields may stand behind the body: it comes in chunks.
[[nodiscard]] bool may_have_trailers(const Response& response) noexcept;

}  // namespace rondo::http
