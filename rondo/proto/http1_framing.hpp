#pragma once
// Where the body of a message ends (RFC 9112 §6.3), and whether the connection lives on (§9.3).

#include <cstdint>
#include <string_view>

#include "rondo/base/result.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_error.hpp"
#include "rondo/proto/http1_head.hpp"

namespace rondo::proto {

/// The four ways in which a body ends.
enum class BodyKind : std::uint8_t { none, length, chunked, until_close };

/// How a body is framed.
struct BodyFraming {
  BodyKind kind = BodyKind::none;
  std::uint64_t length = 0;  ///< bytes of the body where kind is `length`; else 0

  friend bool operator==(const BodyFraming&, const BodyFraming&) = default;
};

/// Where a response ends, and what becomes of its connection.
struct ResponseEnd {
  BodyFraming framing;
  /// Whether the server will keep the connection open behind it: `close` in Connection says no;
  /// otherwise HTTP/1.1 says yes, and HTTP/1.0 only with `keep-alive`. A body `until_close` means
  /// no as well. That one was not read to its end is not known here.
  bool keeps_alive = false;
};

/// The end of the response with that head to a request with that method. Stricter than the RFC has
/// to be, since what two parties read differently is how messages are smuggled (§11.2):
///   - Transfer-Encoding together with Content-Length is an error, not a matter of precedence;
///   - the only transfer coding is `chunked`, once: we never ask for another one with TE;
///   - Transfer-Encoding in an HTTP/1.0 message is an error;
///   - several Content-Length values are an error unless all are the same number (RFC 9110 §8.6).
/// None of this applies where there is no body by definition: to HEAD, with 1xx, 204 and 304, and
/// behind a 2xx to CONNECT, where the tunnel begins: no other request may use that connection. A
/// 101 likewise ends HTTP/1.1 on the connection.
[[nodiscard]] Result<ResponseEnd, Http1Error> response_end(std::string_view method,
                                                           const ResponseHead& head);

/// The framing of the request with that head, by the same rules; without any of the fields there is
/// no body.
[[nodiscard]] Result<BodyFraming, Http1Error> request_framing(const RequestHead& head);

/// Whether the client will keep the connection open behind that request; see `ResponseEnd`.
[[nodiscard]] bool keeps_alive(const RequestHead& head);

}  // namespace rondo::proto
