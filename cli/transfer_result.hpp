#pragma once
// What became of one URL.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/timings.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/runtime/clock.hpp"

#include "cli/error_kind.hpp"
#include "cli/recorded_hop.hpp"

namespace rondo::cli {

/// An answer that was a redirect, and was followed.
struct FollowedRedirect {
  int status = 0;
  std::string url;  ///< that gave the answer
};

/// Why there was nothing to receive: a file is there already.
enum class Unfetched : std::uint8_t { no, exists, not_modified };

/// Of the last attempt, except for the times, which are those of all attempts together. A string
/// that is empty was never known.
struct TransferResult {
  std::uint64_t number = 0;  ///< of the job
  std::string url;           ///< as the input has it
  std::string final_url;
  std::string method;
  int status = 0;
  std::string_view http_version;
  proto::HeaderMap headers;
  std::uint64_t body_bytes = 0;
  std::string body_sha256;
  std::optional<std::string> body;
  std::string saved_to;
  Unfetched unfetched = Unfetched::no;
  std::optional<TransferError> error;
  std::vector<FollowedRedirect> redirects;
  std::vector<RecordedHop> hops;  ///< of all attempts, if they are recorded
  unsigned attempts = 0;
  std::string remote;
  http::Timings timings;    ///< the sums over hops and attempts
  Clock::time_point begun;  ///< the first start
  Clock::duration total{};  ///< from the first start to the end, waiting between attempts included
};

}  // namespace rondo::cli
