#pragma once
// A request whose answer is late is sent a second time beside the first; the answer that comes
// first counts.
//
//   ClientSession session({.middlewares = {hedge_middleware()}});

#include "rondo/http/request.hpp"
#include "rondo/proto/hedge_delay.hpp"
#include "rondo/proto/retry.hpp"

namespace rondo::http {

struct HedgeOptions {
  /// When an answer is late: default later than 95 % of the last ones, and 1 s until those are
  /// known.
  proto::HedgeDelay::Options delay = {};

  /// How many requests may be sent twice. Default: a tenth of them, and one a second.
  proto::RetryBudget::Options budget = {.per_request = 0.1, .per_second = 1, .capacity = 10};
};

/// A middleware for idempotent methods (RFC 9110 §9.2.2) without a body that is a stream or a file;
/// other requests pass. The request that loses is
/// cancelled, which closes its connection, and has ended when the answer is given. Once both are
/// under way, the failure of one is no matter unless the other fails too. The trace hears of the
/// second request only through `on_policy`. One object serves the sessions of one loop.
[[nodiscard]] Middleware hedge_middleware(const HedgeOptions& options = {});

}  // namespace rondo::http
