#pragma once
// A request: what the caller says, and what the session keeps of it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "rondo/http/client_timeout.hpp"
#include "rondo/proto/fields.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

using proto::Field;
using proto::Fields;

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

  /// The body, byte for byte. At most one of `data`, `form` and `json` may be given.
  std::optional<std::string_view> data = std::nullopt;

  /// The body as application/x-www-form-urlencoded.
  Fields form = {};

  /// The body as application/json: serialised JSON, as from `nlohmann::json::dump()`.
  std::optional<std::string_view> json = std::nullopt;

  /// A duration for the whole request, or a `ClientTimeout`. Default: the session's.
  TimeoutOption timeout = {};

  /// Whether 301, 302, 303, 307 and 308 are followed.
  bool allow_redirects = true;

  /// One redirect more than this throws `TooManyRedirects`.
  unsigned max_redirects = 10;

  /// Is told what happens to the request; null: nobody is.
  RequestTrace* trace = nullptr;

  /// In place of the session's, which an empty list switches off; null: the session's. A middleware
  /// that sends requests with its own session needs this, or it would be called for those too.
  const std::vector<Middleware>* middlewares = nullptr;
};

static_assert(std::is_trivially_destructible_v<RequestOptions>);

/// A request that owns what it says.
struct Request {
  std::string method;
  proto::Url url;
  proto::HeaderMap headers;
  std::shared_ptr<const std::string> body;  ///< null: none
  ClientTimeout timeout;
  unsigned max_redirects = 10;  ///< 0: a redirect is an answer like any other
  RequestTrace* trace = nullptr;
  std::shared_ptr<const std::vector<Middleware>> middlewares;  ///< null: the session's
};

}  // namespace rondo::http
