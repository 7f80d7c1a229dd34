#pragma once
// A request: what the caller says, and what the session keeps of it.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "rondo/http/client_timeout.hpp"
#include "rondo/proto/fields.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::http {

using proto::Field;
using proto::Fields;

class RequestTrace;

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
};

}  // namespace rondo::http
