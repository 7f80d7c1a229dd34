// Two passes over the headers: the first checks everything and adds up the size, the second writes
// into room that was made once. Nothing can fail between them, so `out` is never half written.

#include "rondo/proto/http1_request.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/framing_fields.hpp"

namespace rondo::proto {
namespace {

// Of one size.
constexpr std::string_view kVersionAndHost = " HTTP/1.1\r\nHost: ";
constexpr std::string_view kVersion10AndHost = " HTTP/1.0\r\nHost: ";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kChunkedLine = "Transfer-Encoding: chunked\r\n";
constexpr std::string_view kLengthName = "Content-Length: ";
constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kSeparators = 4;  // ": " and CRLF

enum class Role : std::uint8_t { ordinary, host, content_length, transfer_encoding };

// The sizes differ from one another, so most names are told apart by theirs alone.
Role role_of(std::string_view name) noexcept {
  const auto is = [&](std::string_view known) { return ascii::equal_ignoring_case(name, known); };
  switch (name.size()) {
    case std::string_view("Host").size():
      return is("Host") ? Role::host : Role::ordinary;
    case std::string_view("Content-Length").size():
      return is("Content-Length") ? Role::content_length : Role::ordinary;
    case std::string_view("Transfer-Encoding").size():
      return is("Transfer-Encoding") ? Role::transfer_encoding : Role::ordinary;
    default:
      return Role::ordinary;
  }
}

// Whether a request without a body says so (RFC 9110 §8.6).
bool announces_no_body(std::string_view method) noexcept {
  return method.starts_with('P') && (method == "POST" || method == "PUT" || method == "PATCH");
}

// The line that frames the body; empty if none is needed.
class FramingLine {
 public:
  FramingLine(const RequestParts& request, bool wants_length) noexcept {
    if (request.body.kind == BodyKind::chunked) {
      text_ = kChunkedLine;
    } else if (request.body.kind == BodyKind::length || wants_length ||
               announces_no_body(request.method)) {
      write_length(request.body.length);
    }
  }
  FramingLine(const FramingLine&) = delete;
  FramingLine& operator=(const FramingLine&) = delete;

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

 private:
  void write_length(std::uint64_t length) noexcept {
    char* at = buffer_.data();
    std::memcpy(at, kLengthName.data(), kLengthName.size());
    at = std::to_chars(at + kLengthName.size(), buffer_.data() + buffer_.size(), length).ptr;
    *at++ = '\r';
    *at++ = '\n';
    text_ = {buffer_.data(), static_cast<std::size_t>(at - buffer_.data())};
  }

  std::array<char, 40> buffer_{};  // the name, 20 digits, CRLF
  std::string_view text_;
};

using Refusal = std::optional<RequestError>;

RequestError refuse(RequestFault fault, std::string_view field = {}, std::size_t index = 0,
                    std::size_t position = 0) {
  return {fault, std::string(field), index, position == kNone ? 0 : position};
}

// The checking pass.
class Checker {
 public:
  explicit Checker(const RequestParts& request) noexcept : request_(request), host_(request.host) {}

  Refusal run() {
    if (Refusal refusal = check_start_line()) return refusal;
    for (std::size_t i = 0; i < request_.headers.size(); ++i) {
      if (Refusal refusal = check_field(request_.headers[i], i)) return refusal;
    }
    if (!has_host_field_ && host_.empty()) return refuse(RequestFault::missing_host);
    return std::nullopt;
  }

  // Valid once run() has refused nothing.
  [[nodiscard]] std::string_view host() const noexcept { return host_; }
  [[nodiscard]] bool has_length_field() const noexcept { return has_length_field_; }
  [[nodiscard]] std::size_t fields_size() const noexcept { return fields_size_; }

 private:
  [[nodiscard]] Refusal check_start_line() const {
    std::size_t bad = find_invalid_token_byte(request_.method);
    if (bad != kNone || request_.method.empty()) {
      return refuse(RequestFault::bad_method, {}, 0, bad);
    }
    bad = find_invalid_target_byte(request_.target);
    if (bad != kNone || request_.target.empty()) {
      return refuse(RequestFault::bad_target, {}, 0, bad);
    }
    bad = find_invalid_target_byte(request_.host);
    if (bad != kNone) return refuse(RequestFault::bad_host, {}, 0, bad);
    const BodyKind kind = request_.body.kind;
    if (kind == BodyKind::until_close) return refuse(RequestFault::bad_body_framing);
    if (kind == BodyKind::chunked && request_.minor_version == 0) {
      return refuse(RequestFault::chunked_in_http_1_0);
    }
    return std::nullopt;
  }

  Refusal check_field(const Field& field, std::size_t index) {
    if (Refusal refusal = check_field_syntax(field, index)) return refusal;
    const Role role = role_of(field.name);
    const std::string_view value = ascii::trim(field.value);
    if (role == Role::ordinary) {
      fields_size_ += field.name.size() + value.size() + kSeparators;
      return std::nullopt;
    }
    return check_special(role, field.name, value, index);
  }

  Refusal check_special(Role role, std::string_view name, std::string_view value,
                        std::size_t index) {
    const BodyFraming& body = request_.body;
    if (role == Role::host) {
      if (has_host_field_) return refuse(RequestFault::repeated_host, name, index);
      has_host_field_ = true;
      host_ = value;
      const std::size_t bad = find_invalid_target_byte(value);
      if (bad != kNone) return refuse(RequestFault::bad_host, name, index, bad);
    } else if (role == Role::content_length) {
      const auto length = parse_content_length(value);
      const bool fits = length.ok() && body.kind != BodyKind::chunked && *length == body.length;
      if (!fits) return refuse(RequestFault::wrong_content_length, name, index);
      has_length_field_ = true;
    } else {
      const bool fits = body.kind == BodyKind::chunked && !has_coding_field_ &&
                        ascii::equal_ignoring_case(value, "chunked");
      if (!fits) return refuse(RequestFault::wrong_transfer_encoding, name, index);
      has_coding_field_ = true;
    }
    return std::nullopt;
  }

  const RequestParts& request_;
  std::string_view host_;
  std::size_t fields_size_ = 0;
  bool has_host_field_ = false;
  bool has_length_field_ = false;
  bool has_coding_field_ = false;
};

char* put(char* at, std::string_view text) noexcept {
  return at + text.copy(at, text.size());
}

char* put_fields(char* at, const HeaderMap& headers) noexcept {
  for (const Field field : headers) {
    if (role_of(field.name) != Role::ordinary) continue;
    at = put(at, field.name);
    *at++ = ':';
    *at++ = ' ';
    at = put(at, ascii::trim(field.value));
    at = put(at, kLineEnd);
  }
  return at;
}

}  // namespace

std::optional<RequestError> check_field_syntax(const Field& field, std::size_t index) {
  std::size_t bad = find_invalid_token_byte(field.name);
  if (bad != kNone || field.name.empty()) {
    return refuse(RequestFault::bad_field_name, {}, index, bad);
  }
  bad = find_invalid_value_byte(field.value);
  if (bad != kNone) return refuse(RequestFault::bad_field_value, field.name, index, bad);
  return std::nullopt;
}

RequestHeadTemplate::RequestHeadTemplate(const HeaderMap& headers) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const Field field = headers[i];
    if (role_of(field.name) != Role::ordinary || check_field_syntax(field, i)) return;
    size += field.name.size() + ascii::trim(field.value).size() + kSeparators;
  }
  lines_.resize(size);
  put_fields(lines_.data(), headers);
}

bool RequestHeadTemplate::take_host(std::string_view host) {
  if (lines_.empty() || host.empty() || find_invalid_target_byte(host) != kNone) return false;
  host_ = host;
  tail_.assign(kVersionAndHost).append(host).append(kLineEnd).append(lines_);
  return true;
}

bool RequestHeadTemplate::write(const RequestParts& request, std::string& out) {
  if (request.host != host_ && !take_host(request.host)) return false;
  const bool is_usual = !host_.empty() && (request.method == "GET" || is_method(request.method)) &&
                        is_request_target(request.target) && request.minor_version == 1 &&
                        request.body.kind != BodyKind::until_close;
  if (!is_usual) return false;
  const FramingLine framing(request, false);
  out.resize(request.method.size() + 1 + request.target.size() + tail_.size() +
             framing.text().size() + kLineEnd.size());
  char* at = put(out.data(), request.method);
  *at++ = ' ';
  at = put(at, request.target);
  at = put(at, tail_);
  if (!framing.text().empty()) at = put(at, framing.text());
  put(at, kLineEnd);
  return true;
}

std::optional<RequestError> append_request_head(const RequestParts& request, std::string& out) {
  Checker checker(request);
  if (Refusal refusal = checker.run()) return refusal;
  const FramingLine framing(request, checker.has_length_field());
  const std::string_view host = checker.host();
  const std::size_t size = request.method.size() + 1 + request.target.size() +
                           kVersionAndHost.size() + host.size() + kLineEnd.size() +
                           checker.fields_size() + framing.text().size() + kLineEnd.size();
  const std::size_t before = out.size();
  out.resize(before + size);
  char* at = put(out.data() + before, request.method);
  *at++ = ' ';
  at = put(at, request.target);
  at = put(at, request.minor_version == 0 ? kVersion10AndHost : kVersionAndHost);
  at = put(at, host);
  at = put(at, kLineEnd);
  at = put_fields(at, request.headers);
  at = put(at, framing.text());
  put(at, kLineEnd);
  return std::nullopt;
}

std::string RequestError::describe() const {
  switch (fault) {
    case RequestFault::bad_method:
      return fmt::format("the method is empty or has a byte that is not allowed at position {}",
                         position);
    case RequestFault::bad_target:
      return fmt::format(
          "the request target is empty or has a byte that is not allowed at position {}", position);
    case RequestFault::bad_host:
      return fmt::format("the host has a byte that is not allowed at position {}", position);
    case RequestFault::bad_field_name:
      return fmt::format(
          "the name of header number {} is empty or has a byte that is not allowed at position {}",
          index + 1, position);
    case RequestFault::bad_field_value:
      return fmt::format("the value of header '{}' has a byte that is not allowed at position {}",
                         field, position);
    case RequestFault::repeated_host:
      return "there is more than one Host header";
    case RequestFault::missing_host:
      return "there is no host";
    case RequestFault::wrong_content_length:
      return "the Content-Length header is not the length of the body";
    case RequestFault::wrong_transfer_encoding:
      return "the Transfer-Encoding header is not what the body is sent with";
    case RequestFault::chunked_in_http_1_0:
      return "a body of unknown length cannot be sent with HTTP/1.0";
    case RequestFault::bad_body_framing:
      return "the body of a request cannot end with the connection";
  }
  return "the request is not valid";
}

}  // namespace rondo::proto
