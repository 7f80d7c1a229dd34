// Everything but the body is there when the response is; the body is asked for through
// `ResponseBody`.

#include "rondo/http/response.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/proto/charset.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/proto/media_type.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo::http {

Timings Response::timings() const noexcept {
  Timings timings = state_->timings;
  timings.receive = state_->body.receive_time();
  return timings;
}

std::string Response::charset() const {
  const auto type = proto::MediaType::of_message(headers().get("Content-Type"));
  return std::string(type.charset().value_or("utf-8"));
}

std::string Response::content_type() const {
  return proto::MediaType::of_message(headers().get("Content-Type")).essence();
}

std::optional<std::uint64_t> Response::content_length() const noexcept {
  const auto value = headers().get("Content-Length");
  if (!value) return std::nullopt;
  const auto length = proto::parse_content_length(*value);
  return length ? std::optional(length.value()) : std::nullopt;
}

void Response::raise_for_status() const {
  if (ok()) return;
  throw ClientResponseError(site(), fmt::format("status {} {}", status(), reason()), status(),
                            headers());
}

Task<std::string> Response::read() {
  if (std::exchange(state_->is_taken, true)) {
    throw InvalidStateError("the body of this response has been read already");
  }
  return state_->body.read_all();
}

Task<std::string_view> Response::read_any() {
  if (state_->is_taken) throw InvalidStateError("the body of this response has been read already");
  return state_->body.next();
}

Task<std::string> Response::text() {
  const std::string label = charset();
  std::string bytes = co_await read();
  auto text = proto::decode_text(std::move(bytes), label);
  if (!text) {
    throw ClientPayloadError(site(), fmt::format("the charset '{}' is not known", label));
  }
  co_return std::move(text).value();
}

}  // namespace rondo::http
