#pragma once
// One request of a transfer with its answer, as a log has it.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "rondo/http/timings.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::cli {

/// A redirect, a further try, and the request itself are hops each.
struct RecordedHop {
  std::chrono::system_clock::time_point begun;
  std::string method;
  std::string url;           ///< without credentials
  std::string request_head;  ///< as it was sent, secrets in it; empty: it was not
  std::uint64_t request_bytes = 0;
  std::string remote;
  int status = 0;
  std::string_view http_version;
  std::string reason;
  proto::HeaderMap headers;
  std::uint64_t body_bytes = 0;  ///< decoded
  http::Timings timings;
};

}  // namespace rondo::cli
