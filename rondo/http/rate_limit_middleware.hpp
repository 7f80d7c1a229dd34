#pragma once
// Requests start no faster than at a given rate.
//
//   ClientSession session({.middlewares = {rate_limit_middleware({.per_second = 10})}});

#include <cstdint>

#include "rondo/http/request.hpp"

namespace rondo::http {

struct RateLimitOptions {
  double per_second = 0;    ///< requests; 0 and below: no limit
  std::uint32_t burst = 1;  ///< how many may start at once behind a pause
  bool per_host = false;    ///< whether each scheme, host and port has a rate of its own
};

/// A middleware that lets requests wait for their start, first come, first served; redirects that
/// are followed count, and so do tries of a retry middleware in front of it. One whose wait is
/// cancelled takes no start. One object serves the sessions of one loop, which then share the rate.
[[nodiscard]] Middleware rate_limit_middleware(const RateLimitOptions& options);

}  // namespace rondo::http
