// Everything but the body is there when the response is; the body is asked for through
// `ResponseBody`.

#include "rondo/http/response.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "rondo/http/body_check.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/proto/charset.hpp"
#include "rondo/proto/framing_fields.hpp"
#include "rondo/proto/media_type.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo::http {

void Response::destroy(detail::ResponseState* state) noexcept {
  detail::ResponseStatePtr owned(state);
  if (!owned->body->must_be_handed_over()) return;
  const LoopReference loop = owned->body->loop();
  try {
    // A std::function can be copied; this one never is, so the state ends where the callback does.
    std::shared_ptr<detail::ResponseState> last = std::move(owned);
    loop.call_soon_threadsafe([last = std::move(last)] {});
  } catch (const LoopClosedError&) {
    return;  // it has closed meanwhile, and the connection with it
  }
}

int Response::status() const noexcept {
  return state_->reply.head.status;
}

bool Response::ok() const noexcept {
  return status() < 400;
}

std::string_view Response::reason() const noexcept {
  return state_->reply.head.reason;
}

const proto::HeaderMap& Response::headers() const noexcept {
  return state_->reply.head.headers;
}

std::string_view Response::method() const noexcept {
  return state_->request->method;
}

const proto::Url& Response::url() const noexcept {
  return state_->request->url;
}

std::string_view Response::http_version() const noexcept {
  return state_->reply.head.minor_version == 0 ? "1.0" : "1.1";
}

std::string_view Response::remote() const noexcept {
  return state_->remote;
}

const tls::TlsInfo* Response::tls() const noexcept {
  return state_->tls.get();
}

const std::vector<HistoryEntry>& Response::history() const noexcept {
  return state_->history;
}

std::vector<proto::Link> Response::links() const {
  std::vector<proto::Link> links = proto::parse_links(headers());
  std::erase_if(links, [&](proto::Link& link) {
    const auto target = proto::Url::parse(link.target, &url());
    if (target) link.target = target->href();
    return !target.ok();
  });
  return links;
}

std::optional<proto::ContentDisposition> Response::content_disposition() const {
  const auto field = headers().get("Content-Disposition");
  return field ? proto::ContentDisposition::parse(*field) : std::nullopt;
}

ResponseEvents Response::events(const proto::EventStreamLimits& limits) {
  if (content_type() != "text/event-stream") {
    throw ContentTypeError(site(),
                           "the answer is no event stream: its content type is " + content_type(),
                           status(), headers());
  }
  return {*this, limits};
}

std::vector<proto::SetCookie> Response::cookies() const {
  std::vector<proto::SetCookie> cookies;
  headers().for_each("Set-Cookie", [&](std::string_view value) {
    auto cookie = proto::parse_set_cookie(value, std::chrono::system_clock::now());
    if (cookie) cookies.push_back(std::move(cookie).value());
  });
  return cookies;
}

const std::vector<proto::ResponseHead>& Response::informational() const noexcept {
  return state_->reply.informational;
}

const proto::HeaderMap& Response::trailers() const noexcept {
  return state_->body->trailers();
}

std::uint64_t Response::received_bytes() const noexcept {
  return state_->body->received();
}

unsigned Response::attempts() const noexcept {
  return state_->attempts;
}

void check_body(Response& response, std::unique_ptr<BodyCheck> check) {
  response.state_->body->check_with(std::move(check));
}

bool may_have_trailers(const Response& response) noexcept {
  return response.state_->body->may_have_trailers();
}

void Response::release() {
  state_->body->loop().require_thread("Response::release()");
  state_->body->drop();
}

void Response::close() {
  state_->body->loop().require_thread("Response::close()");
  state_->body->close();
}

ErrorSite Response::site() const {
  return {url().without_credentials(), Phase::receive};
}

Timings Response::timings() const noexcept {
  Timings timings = state_->timings;
  timings.receive = state_->body->receive_time();
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

ResponseRead Response::read() {
  if (std::exchange(state_->is_taken, true)) {
    throw InvalidStateError("the body of this response has been read already");
  }
  return ResponseRead(*state_->body);
}

Task<std::string_view> Response::read_any() {
  if (state_->is_taken) throw InvalidStateError("the body of this response has been read already");
  return state_->body->next();
}

Task<std::string> Response::text() {
  std::string label = charset();
  // A label that nobody knows is no reason to lose the text; most of what there is, is UTF-8.
  if (!proto::is_known_charset(label)) label = "utf-8";
  std::string bytes = co_await read();
  co_return proto::decode_text(std::move(bytes), label).value();
}

}  // namespace rondo::http
