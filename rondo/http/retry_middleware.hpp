#pragma once
// Requests that failed are sent again, after a pause.
//
//   ClientSession session({.middlewares = {retry_middleware({.backoff = {.max_retries = 5}})}});

#include <functional>
#include <optional>

#include "rondo/http/errors.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/response.hpp"
#include "rondo/proto/retry.hpp"

namespace rondo::http {

struct RetryOptions {
  /// Default: 3 retries, pauses drawn from 0 to 0.5 s, 1 s, 2 s; `Retry-After` is obeyed as far as
  /// the request's total time-out allows.
  proto::Backoff backoff = {};

  /// Keeps the retries of all requests a fraction of the requests; nothing: no limit.
  std::optional<proto::RetryBudget::Options> budget = proto::RetryBudget::Options{};

  /// Whether a request that had this answer is sent again. Default: 408, 429, 500, 502, 503, 504.
  std::function<bool(const Request&, const Response&)> retry_response = {};

  /// The same for an error. Default: `is_transient`.
  std::function<bool(const Request&, const ClientError&)> retry_error = {};

  /// Also methods that are not idempotent (RFC 9110 §9.2.2), as POST: they may be done twice.
  bool any_method = false;
};

/// A middleware that sends a request again when its answer or its error may be different next time.
/// A body that cannot be sent again is not. The last answer is given as it is, the last error
/// thrown as it is. There is no retry that the total time-out would cut off. Each try begins with
/// the request as it was, whatever middlewares behind this one have changed in it. Cancelling ends
/// a pause at once. One object serves the sessions of one loop, which then share its budget.
[[nodiscard]] Middleware retry_middleware(RetryOptions options = {});

}  // namespace rondo::http
