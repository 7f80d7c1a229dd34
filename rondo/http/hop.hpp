#pragma once
// One request as it is sent: after the plan, before the wire.

#include <optional>
#include <string_view>

#include "rondo/base/recycled.hpp"
#include "rondo/http/request_body.hpp"
#include "rondo/http/total_limit.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/proto/http1_limits.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::http {

class RequestTrace;
struct Request;

/// What a connection sends. All that it refers to but its head belongs to the request, which
/// outlives the exchange. The body may still be on its way when the answer has come: whoever sends
/// it then shares what is behind it.
struct Hop {
  std::string_view method;
  std::string_view head;              ///< request line and fields, serialised
  const RequestBody* body = nullptr;  ///< null: none
  proto::BodyFraming framing = {};    ///< of the body, as the head says it
  bool keep_alive = true;             ///< false: it says `Connection: close`
  std::optional<Clock::duration> read_limit = std::nullopt;  ///< for each piece of the answer
  /// For what `begin_exchange` waits for, where no `CancelScope` stands around it.
  std::optional<TotalLimit> total_limit = std::nullopt;
  /// Where the head says `Expect: 100-continue`: how long the server may take to agree.
  std::optional<Clock::duration> continue_limit = std::nullopt;
  const proto::Http1Limits* http1 = nullptr;  ///< of the answer; null: the connection's
  RequestTrace* trace = nullptr;              ///< null: nobody listens
  const Request* request = nullptr;           ///< what will be looked at behind the answer, if any
  /// Where `head` is, unless that belongs to somebody else.
  RecycledPtr<RecycledText> own_head = nullptr;

  /// The head has left: there is none any more.
  void drop_head() noexcept {
    head = {};
    own_head.reset();
  }
};

}  // namespace rondo::http
