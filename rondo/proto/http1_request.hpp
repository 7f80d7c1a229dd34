#pragma once
// Writes the head of an HTTP/1.1 request (RFC 9112 §3, §5, §6).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_framing.hpp"

namespace rondo::proto {

/// Why a request cannot be written.
enum class RequestFault : std::uint8_t {
  bad_method,
  bad_target,
  bad_host,
  bad_field_name,
  bad_field_value,
  repeated_host,
  missing_host,
  /// Content-Length among the headers is no number, is not the length of the body, or is there
  /// although the body is chunked.
  wrong_content_length,
  /// Transfer-Encoding among the headers is not exactly what the body will be sent with.
  wrong_transfer_encoding,
  /// The body of a request cannot end with the connection.
  bad_body_framing,
  /// HTTP/1.0 has no transfer codings (RFC 9112 §6.1).
  chunked_in_http_1_0,
};

/// What is wrong with a request, and where. Never holds a value, a target or an invalid name: they
/// may be, or contain, a secret.
struct RequestError {
  RequestFault fault;
  /// The name of the header concerned, if the name is not what is wrong; else empty.
  std::string field;
  /// Which header it is, counted from 0, where one is concerned.
  std::size_t index = 0;
  /// Where the first byte is that is not allowed, where that is what is wrong.
  std::size_t position = 0;

  /// One line: "the value of header 'X-Id' has a byte that is not allowed at position 4".
  [[nodiscard]] std::string describe() const;
};

/// What is wrong with the name or the value of `field`, which is the header number `index`.
[[nodiscard]] std::optional<RequestError> check_field_syntax(const Field& field, std::size_t index);

/// The parts of a request head. Only views: they live as long as the call.
struct RequestParts {
  std::string_view method;
  /// In the form that the request needs (RFC 9112 §3.2): origin (`/a?b`), absolute (to a proxy),
  /// authority (CONNECT) or `*`. Percent-encoded already.
  std::string_view target;
  /// Value of Host, used unless `headers` has one. Required if they have none; may be "" only
  /// there (RFC 9112 §3.2), by an explicit empty Host header.
  std::string_view host;
  const HeaderMap& headers;
  /// How the body will be sent; not `until_close`. With `none`, POST, PUT and PATCH get
  /// "Content-Length: 0" (RFC 9110 §8.6).
  BodyFraming body = {};
  /// 1 or 0: HTTP/1.1 or HTTP/1.0, which has no chunked bodies.
  int minor_version = 1;
};

/// Appends the head to `out`, growing it at most once, with Host first, then the headers in their
/// order (white space around values removed), then the framing field. Refuses, and leaves `out` as
/// it was, whatever could make one request look like two or like another: a CR, LF, NUL or other
/// control anywhere, a name that is no token, a second Host, a Content-Length or Transfer-Encoding
/// that is not the body's. Those that are right may be among the headers and are written once.
[[nodiscard]] std::optional<RequestError> append_request_head(const RequestParts& request,
                                                              std::string& out);

/// Writes the heads of requests with the same headers: what is behind the target is written once,
/// and again only when another host is asked. One thread at a time.
class RequestHeadTemplate {
 public:
  /// None: writes nothing.
  RequestHeadTemplate() = default;
  /// Copies `headers`. None as well, when they cannot be written without the request that they
  /// belong to: one is refused, or is about the request itself (Host, Content-Length,
  /// Transfer-Encoding).
  explicit RequestHeadTemplate(const HeaderMap& headers);

  /// Puts into `out`, in place of what is there, what `append_request_head` would for `request`,
  /// whose `headers` are those of the template. False: that is the way to go, whether `request` is
  /// refused or only an unusual one.
  [[nodiscard]] bool write(const RequestParts& request, std::string& out);

 private:
  bool take_host(std::string_view host);

  std::string lines_;  // of the headers
  std::string host_;   // that `tail_` is for
  std::string tail_;   // from behind the target to the end of the headers
};

}  // namespace rondo::proto
