#pragma once
// A host that fails again and again is left alone for a while.
//
//   ClientSession session({.middlewares = {retry_middleware(), circuit_breaker_middleware()}});

#include <functional>

#include "rondo/http/request.hpp"
#include "rondo/http/response.hpp"
#include "rondo/proto/circuit_breaker.hpp"

namespace rondo::http {

struct CircuitBreakerOptions {
  /// Default: 5 failures in a row open it for 30 s; then 1 probe decides.
  proto::CircuitBreaker::Options breaker = {};

  /// Whether an answer is a failure of the host. Default: a status of 500 and above.
  std::function<bool(const Response&)> is_failure = {};
};

/// A middleware with a breaker for each scheme, host and port. Connection errors and time-outs are
/// failures, and answers as `is_failure` says. While it is open, requests end at once with
/// `CircuitOpenError`; a request that is cancelled proves nothing. One object serves the sessions
/// of one loop.
[[nodiscard]] Middleware circuit_breaker_middleware(CircuitBreakerOptions options = {});

}  // namespace rondo::http
