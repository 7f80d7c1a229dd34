// The order of the questions is that of RFC 9112 §6.3. Both framing fields are looked at before
// either is believed.

#include "rondo/proto/http1_framing.hpp"

#include <optional>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/field_syntax.hpp"

namespace rondo::proto {
namespace {

using Framing = Result<BodyFraming, Http1Error>;

constexpr std::uint64_t kMaxLength = INT64_MAX;

std::optional<std::uint64_t> parse_number(std::string_view digits) noexcept {
  if (digits.empty()) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : digits) {
    if (!ascii::is_digit(c)) return std::nullopt;
    if (number > kMaxLength / 10) return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
    if (number > kMaxLength) return std::nullopt;
  }
  return number;
}

// Adds what `value` says to what earlier fields have said.
Http1Error agree_on_length(std::string_view value, std::optional<std::uint64_t>& agreed) {
  const auto length = parse_content_length(value);
  if (!length) return length.error();
  if (agreed && *agreed != *length) return Http1Error::conflicting_content_lengths;
  agreed = *length;
  return Http1Error::none;
}

// Whether the codings of all fields together are `chunked`, once. Empty members do not count.
bool is_chunked_once(const HeaderMap& headers) {
  int chunked = 0;
  bool others = false;
  headers.for_each("Transfer-Encoding", [&](std::string_view value) {
    while (!value.empty()) {
      const std::string_view coding = next_list_member(value);
      if (coding.empty()) continue;
      const bool known = ascii::equal_ignoring_case(coding, "chunked");
      chunked += known ? 1 : 0;
      others = others || !known;
    }
  });
  return chunked == 1 && !others;
}

Framing transfer_framing(int minor_version, const HeaderMap& headers) {
  if (minor_version == 0) return Failure{Http1Error::transfer_encoding_in_http_1_0};
  if (headers.contains("Content-Length")) {
    return Failure{Http1Error::content_length_with_transfer_encoding};
  }
  if (!is_chunked_once(headers)) return Failure{Http1Error::unsupported_transfer_coding};
  return BodyFraming{BodyKind::chunked, 0};
}

Framing framing_of_fields(int minor_version, const HeaderMap& headers, BodyKind otherwise) {
  if (headers.contains("Transfer-Encoding")) return transfer_framing(minor_version, headers);
  std::optional<std::uint64_t> length;
  Http1Error error = Http1Error::none;
  headers.for_each("Content-Length", [&](std::string_view value) {
    if (error == Http1Error::none) error = agree_on_length(value, length);
  });
  if (error != Http1Error::none) return Failure{error};
  if (!length) return BodyFraming{otherwise, 0};
  return BodyFraming{BodyKind::length, *length};
}

bool has_no_body(std::string_view method, int status) noexcept {
  if (method == "HEAD" || status < 200 || status == 204 || status == 304) return true;
  return method == "CONNECT" && status < 300;
}

}  // namespace

Framing response_framing(std::string_view method, const ResponseHead& head) {
  if (has_no_body(method, head.status)) return BodyFraming{};
  return framing_of_fields(head.minor_version, head.headers, BodyKind::until_close);
}

Framing request_framing(const RequestHead& head) {
  return framing_of_fields(head.minor_version, head.headers, BodyKind::none);
}

bool keeps_alive(int minor_version, const HeaderMap& headers) noexcept {
  if (headers.contains_token("Connection", "close")) return false;
  return minor_version >= 1 || headers.contains_token("Connection", "keep-alive");
}

Result<std::uint64_t, Http1Error> parse_content_length(std::string_view value) {
  const std::size_t comma = value.find(',');
  const auto number = parse_number(ascii::trim(value.substr(0, comma)));
  if (!number) return Failure{Http1Error::bad_content_length};
  for (std::size_t at = comma; at != std::string_view::npos;) {
    value.remove_prefix(at + 1);
    at = value.find(',');
    const auto other = parse_number(ascii::trim(value.substr(0, at)));
    if (!other) return Failure{Http1Error::bad_content_length};
    if (*other != *number) return Failure{Http1Error::conflicting_content_lengths};
  }
  return *number;
}

}  // namespace rondo::proto
