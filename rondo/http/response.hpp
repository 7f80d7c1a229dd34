#pragma once
// The answer to a request.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/base/recycled.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/response_pieces.hpp"
#include "rondo/http/response_read.hpp"
#include "rondo/http/timings.hpp"
#include "rondo/proto/content_disposition.hpp"
#include "rondo/proto/cookie.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/link.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::http {

namespace detail {

/// What `Response::json()` gives; complete once <rondo/http/json.hpp> is included.
template <class T>
struct JsonOf;

struct ResponseState;
using ResponseStatePtr = RecycledPtr<ResponseState>;

}  // namespace detail

class BodyCheck;
struct Request;

/// A redirect that was followed.
struct HistoryEntry {
  proto::Url url;  ///< that was requested
  int status = 0;
  proto::HeaderMap headers;
  Timings timings;
};

/// Status and headers of an answer, and its body, which is read when it is asked for. Move-only.
/// The connection is given back when the body has been read to its end, or when the response goes
/// out of scope: a small rest is then read and thrown away by the loop, a larger one closes the
/// connection. A response may outlive its session, and its loop, where it can still be asked for
/// what has arrived: status and headers. The connection of one that is kept beyond its loop is
/// closed with the loop, and reading it throws `LoopClosedError`.
///
/// One task at a time reads the body. Each of `read`, `text`, `json` and `read_any` throws
/// `ClientPayloadError` when the body is cut, or its coding damaged; `ResponseTooLarge`;
/// `ServerTimeoutError`; and `InvalidStateError` once `read`, `text` or `json` has taken it, or
/// `release` or `close` has let go of it. A body that has failed fails with the same error again.
/// Under another loop than its own they throw `WrongLoopError`.
/// Cancelling any of them loses nothing but what it had gathered.
class Response {
 public:
  Response(Response&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Response& operator=(Response&& other) noexcept {
    Response moved(std::move(other));
    std::swap(state_, moved.state_);
    return *this;
  }
  ~Response() {
    if (state_ != nullptr) destroy(state_);
  }

  [[nodiscard]] int status() const noexcept;
  /// Whether the status is below 400.
  [[nodiscard]] bool ok() const noexcept;
  /// What the server said beside the status; may be empty, and means nothing.
  [[nodiscard]] std::string_view reason() const noexcept;
  [[nodiscard]] const proto::HeaderMap& headers() const noexcept;
  [[nodiscard]] std::string_view method() const noexcept;
  /// The URL that gave this answer, after redirects.
  [[nodiscard]] const proto::Url& url() const noexcept;
  /// "1.1" or "1.0".
  [[nodiscard]] std::string_view http_version() const noexcept;
  /// The server's address: "127.0.0.1:443".
  [[nodiscard]] std::string_view remote() const noexcept;
  /// What is known of the TLS connection to the server; null: the answer came without TLS. Lasts as
  /// long as the response.
  [[nodiscard]] const tls::TlsInfo* tls() const noexcept;
  /// The redirects that led here, the first in front.
  [[nodiscard]] const std::vector<HistoryEntry>& history() const noexcept;
  /// Of this hop; those of the hops before are in `history`. `receive` grows until the body is
  /// read.
  [[nodiscard]] Timings timings() const noexcept;
  /// How often the request was sent: more than 1 when a kept connection had died.
  [[nodiscard]] unsigned attempts() const noexcept;

  /// The `charset` parameter of Content-Type; "utf-8" without one.
  [[nodiscard]] std::string charset() const;
  /// The media type without parameters: "text/html".
  [[nodiscard]] std::string content_type() const;
  /// The body's size as the server announced it, before decoding.
  [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept;

  /// The links of the Link fields, in order, with targets made absolute. One whose target is no URL
  /// is passed over.
  [[nodiscard]] std::vector<proto::Link> links() const;
  /// What Content-Disposition says, the file's name among it; nothing without one.
  [[nodiscard]] std::optional<proto::ContentDisposition> content_disposition() const;
  /// The cookies that this answer sets, in order; those of redirects are in `history`. One that
  /// cannot be understood is passed over.
  [[nodiscard]] std::vector<proto::SetCookie> cookies() const;
  /// The answers with a status of 1xx in front of this one, but for 100: 103 Early Hints.
  [[nodiscard]] const std::vector<proto::ResponseHead>& informational() const noexcept;
  /// The fields behind a body in chunks, once it has been read to its end.
  [[nodiscard]] const proto::HeaderMap& trailers() const noexcept;
  /// Bytes of the body that have come so far, before decoding: beside `content_length`, how far a
  /// download is.
  [[nodiscard]] std::uint64_t received_bytes() const noexcept;

  /// Throws `ClientResponseError` for a status of 400 and above.
  void raise_for_status() const;

  /// The whole body, decoded. Once; bodies beyond `SessionOptions::max_body_in_memory` are an
  /// error.
  ResponseRead read();

  /// The same as UTF-8 text, read in `charset()`, if that is known, or as a byte order mark says;
  /// invalid bytes become U+FFFD.
  Task<std::string> text();

  /// The same as parsed JSON: `nlohmann::json`. Needs `#include <rondo/http/json.hpp>`. Throws
  /// `ContentTypeError` when the answer does not call itself JSON, and `ClientPayloadError` when it
  /// is none.
  template <class T = void>
  Task<typename detail::JsonOf<T>::type> json();

  /// The next piece of the body, as it comes, decoded; empty at the end. The view lasts until the
  /// next call.
  Task<std::string_view> read_any();

  /// The body in pieces of `size` bytes, which is at least 1.
  [[nodiscard]] ResponseChunks chunks(std::size_t size) noexcept { return {*this, size}; }

  /// The body in lines, decoded from its content coding, but not from its charset.
  [[nodiscard]] ResponseLines lines(std::size_t max_line = std::size_t{1} << 20) noexcept {
    return {*this, max_line};
  }

  /// The body as Server-Sent Events. Throws `ContentTypeError` if the answer is no event stream.
  [[nodiscard]] ResponseEvents events(const proto::EventStreamLimits& limits = {});

  /// Writes the body to the file `path` and gives its size in bytes. What was there before is
  /// replaced when the body is whole, in one step; until then it is in a file of another name
  /// beside it, which an error or a cancellation removes. Throws `OsError`, and as `read_any`.
  Task<std::uint64_t> save_to(std::string path);

  /// Lets go of the body now; see the class. Throws `WrongThreadError` on another thread than the
  /// loop's; the destructor hands over to it instead.
  void release();

  /// The same without reading a small rest: closes the connection, unless the body has been read to
  /// its end.
  void close();

 private:
  friend class Exchange;
  friend class HopExchange;
  friend Response make_response(const Request&, proto::ResponseHead, std::string);
  friend void check_body(Response&, std::unique_ptr<BodyCheck>);
  friend bool may_have_trailers(const Response&) noexcept;
  explicit Response(detail::ResponseState* own) noexcept : state_(own) {}
  [[nodiscard]] ErrorSite site() const;
  static void destroy(detail::ResponseState* state) noexcept;

  // Its own. A `ResponseStatePtr` would need to know here how a state ends, or cost a call for each
  // move, and a response is moved by every layer.
  detail::ResponseState* state_;
};

}  // namespace rondo::http
