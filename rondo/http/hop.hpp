#pragma once
// One request as it is sent: after the plan, before the wire.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/http/request_body.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/proto/http1_limits.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::http {

class RequestTrace;

/// What a connection sends. The views belong to the request, which outlives the exchange; the body
/// is shared, for it may still be on its way when the answer has come.
struct Hop {
  std::string_view method;
  std::string_view head;                              ///< request line and fields, serialised
  std::shared_ptr<const std::string> body = nullptr;  ///< null: none, or a stream
  std::shared_ptr<BodyStream> stream = nullptr;       ///< null: none, or bytes
  proto::BodyFraming framing = {};                    ///< of the body, as the head says it
  bool keep_alive = true;                             ///< false: it says `Connection: close`
  std::optional<Clock::duration> read_limit = std::nullopt;  ///< for each piece of the answer
  /// Where the head says `Expect: 100-continue`: how long the server may take to agree.
  std::optional<Clock::duration> continue_limit = std::nullopt;
  const proto::Http1Limits* http1 = nullptr;  ///< of the answer; null: the connection's
  RequestTrace* trace = nullptr;              ///< null: nobody listens
};

}  // namespace rondo::http
