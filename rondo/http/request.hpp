#pragma once
// A request: what the caller says, and what the session keeps of it.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rondo/http/auth.hpp"
#include "rondo/http/client_timeout.hpp"
#include "rondo/http/header_names.hpp"
#include "rondo/http/proxy_auth.hpp"
#include "rondo/http/raise_for_status.hpp"
#include "rondo/http/request_body.hpp"
#include "rondo/proto/fields.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_limits.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/tls/tls_context.hpp"

namespace rondo::http {

using proto::Field;
using proto::Fields;

/// What a request calls itself; an answer may have another one.
enum class HttpVersion : std::uint8_t { http_1_0, http_1_1 };

class Next;
class RequestTrace;
class Response;
struct Request;

/// A function or an object that stands around each request; see middleware.hpp. It is given the
/// request of one hop, which it may change, and what to call for the answer; it gives that answer,
/// another one, or throws. What it changes does not go on to the hop that a redirect leads to:
/// there the middlewares are called anew. `timeout`, `max_redirects` and `middlewares` are no
/// longer looked at. Of several, the first is the outermost. One object serves any number of
/// requests, also at the same time; what it captures lives as long as the session or, of a
/// request's own, as the request. Awaits inside it are cancelled with the request, whose total
/// time-out holds for it too.
using Middleware = std::function<Task<Response>(Request&, Next)>;
struct ConnectionWish;

/// Options of `get`, `post`, ..., by designated initialisers in this order:
///
///   session.post(url, {.params = {{"page", "2"}}, .json = text, .timeout = 5s})
///
/// Only views: they are copied before the call returns, so temporaries are fine (docs/design.md
/// §10).
struct RequestOptions {
  /// Added to the URL's query, form-urlencoded.
  Fields params = {};

  /// Each replaces the session's header of the same name.
  Fields headers = {};

  /// Fields that the session would add by itself, and is not to: "User-Agent", "Accept",
  /// "Accept-Encoding", and the "Content-Type" of a body. What `headers` or the session's options
  /// say is sent nevertheless. Default: none but those of `SessionOptions::skip_auto_headers`.
  HeaderNames skip_auto_headers = {};

  /// Sent beside those of the session's jar; they are not kept, and stay with the URL's origin.
  Fields cookies = {};

  /// Becomes the Authorization field, which then must not be among `headers`, nor credentials in
  /// the URL. Default: the URL's credentials, or those of the session.
  AuthOption auth = {};

  /// The body: bytes as they are, or a `RequestBody`. At most one of `data`, `form` and `json` may
  /// be given.
  BodyOption data = {};

  /// The body as application/x-www-form-urlencoded.
  Fields form = {};

  /// The body as application/json: serialised JSON, as from `nlohmann::json::dump()`.
  std::optional<std::string_view> json = std::nullopt;

  /// "gzip", "deflate", "br" or "zstd": compresses the body and says so. Default: the body is sent
  /// as it is.
  std::string_view compress = {};

  /// Asks the server before a body is sent (`Expect: 100-continue`), for at most
  /// `ClientTimeout::expect_continue`. An answer other than 100 is then the answer, and the body is
  /// not sent; after a 417 the request is sent again without asking. Without a body it does
  /// nothing.
  bool expect100 = false;

  /// Default: the session's. 1.0 has no chunked bodies, and its connections are not kept.
  std::optional<HttpVersion> version = std::nullopt;

  /// What the answer may be at most: its lines, fields, head, trailers and chunk extensions, also
  /// of the hops behind redirects. Default: `ConnectorOptions::http1`, which connections that are
  /// shared with other requests have again behind this one.
  const proto::Http1Limits* http1 = nullptr;

  /// A duration for the whole request, or a `ClientTimeout`. Default: the session's.
  TimeoutOption timeout = {};

  /// Whether 301, 302, 303, 307 and 308 are followed.
  bool allow_redirects = true;

  /// One redirect more than this throws `TooManyRedirects`.
  unsigned max_redirects = 10;

  /// Whether an answer that says no is an error. Default: the session's.
  RaiseForStatusOption raise_for_status = {};

  /// Is told what happens to the request; null: nobody is but the session's traces.
  RequestTrace* trace = nullptr;

  /// Given to what makes the session's traces.
  const void* trace_request_ctx = nullptr;

  /// In place of the session's, which an empty list switches off; null: the session's. A middleware
  /// that sends requests with its own session needs this, or it would be called for those too.
  const std::vector<Middleware>* middlewares = nullptr;
  /// The proxy to go through, as in "http://user:password@proxy.example:3128"; "": none. Default:
  /// what the session says.
  std::optional<std::string_view> proxy = std::nullopt;

  /// Whom that proxy lets through, in place of credentials in its URL.
  ProxyAuthOption proxy_auth = {};

  /// Each replaces the one of the same name among `SessionOptions::proxy_headers`; see there.
  Fields proxy_headers = {};

  /// TLS options in place of the session's: a client's context, made once for many requests, since
  /// connections are shared by context. Default: the session's.
  const tls::TlsContext* tls = nullptr;

  /// Whom the server's certificate must be for, and what SNI says, in place of the URL's host. Does
  /// not hold for other origins that redirects lead to.
  std::string_view server_hostname = {};
};

static_assert(std::is_trivially_destructible_v<RequestOptions>);

/// The default of what takes options. One for all: a temporary would have to live in the frame of
/// each coroutine that makes a request, and take up 2 KiB there.
inline constexpr RequestOptions kNoOptions;

/// A request that owns what it says.
struct Request {
  std::string method;
  proto::Url url;
  bool is_upgraded = false;  ///< the URL was an http one before Strict-Transport-Security
  proto::HeaderMap headers;
  RequestBody body;
  ClientTimeout timeout;
  HttpVersion version = HttpVersion::http_1_1;
  std::optional<proto::Http1Limits> http1 = std::nullopt;  ///< nothing: the session's
  bool expect100 = false;
  unsigned max_redirects = 10;  ///< 0: a redirect is an answer like any other
  RequestTrace* trace = nullptr;
  std::shared_ptr<const std::vector<Middleware>> middlewares;  ///< null: the session's
  std::shared_ptr<const StatusCheck> status_check;             ///< null: none
  const void* trace_request_ctx = nullptr;
  std::vector<std::string> skip_auto_headers;         ///< of those that the session adds by itself
  std::shared_ptr<RequestTrace> own_trace = nullptr;  ///< made by the session; what `trace` is then

  /// Whether it can be sent more than once, as far as its body is concerned.
  [[nodiscard]] bool is_replayable() const noexcept { return body.is_replayable(); }
  std::shared_ptr<const ConnectionWish> wish;  ///< null: none
};

}  // namespace rondo::http
