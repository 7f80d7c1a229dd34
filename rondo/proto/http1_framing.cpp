// The questions are asked in the order of RFC 9112 §6.3. Both framing fields are looked at before
// either is believed.

#include "rondo/proto/http1_framing.hpp"

#include "rondo/proto/framing_fields.hpp"

namespace rondo::proto {
namespace {

using Framing = Result<BodyFraming, Http1Error>;

bool keeps_alive(const FramingFields& fields, int minor_version) noexcept {
  return !fields.closes && (minor_version >= 1 || fields.keeps);
}

// The codings of all fields together must be `chunked`, once.
Framing transfer_framing(const FramingFields& fields, int minor_version) {
  if (minor_version == 0) return Failure{Http1Error::transfer_encoding_in_http_1_0};
  if (fields.has_length) return Failure{Http1Error::content_length_with_transfer_encoding};
  if (fields.chunked != 1 || fields.has_other_codings) {
    return Failure{Http1Error::unsupported_transfer_coding};
  }
  return BodyFraming{BodyKind::chunked, 0};
}

Framing framing_of(const FramingFields& fields, int minor_version, BodyKind otherwise) {
  if (fields.has_coding) return transfer_framing(fields, minor_version);
  if (fields.length_error != Http1Error::none) return Failure{fields.length_error};
  if (!fields.has_length) return BodyFraming{otherwise, 0};
  return BodyFraming{BodyKind::length, fields.length};
}

bool has_no_body(std::string_view method, int status) noexcept {
  return method == "HEAD" || status < 200 || status == 204 || status == 304;
}

// RFC 9110 §9.3.6.
bool opens_tunnel(std::string_view method, int status) noexcept {
  return method == "CONNECT" && status >= 200 && status < 300;
}

}  // namespace

Result<ResponseEnd, Http1Error> response_end(std::string_view method, const ResponseHead& head) {
  if (opens_tunnel(method, head.status)) return ResponseEnd{};
  const FramingFields fields = head.headers.framing_fields();
  const bool stays_open = keeps_alive(fields, head.minor_version);
  if (has_no_body(method, head.status)) return ResponseEnd{{}, stays_open};
  const auto framing = framing_of(fields, head.minor_version, BodyKind::until_close);
  if (!framing) return Failure{framing.error()};
  return ResponseEnd{*framing, stays_open && framing->kind != BodyKind::until_close};
}

Framing request_framing(const RequestHead& head) {
  return framing_of(head.headers.framing_fields(), head.minor_version, BodyKind::none);
}

bool keeps_alive(const RequestHead& head) {
  return keeps_alive(head.headers.framing_fields(), head.minor_version);
}

}  // namespace rondo::proto
