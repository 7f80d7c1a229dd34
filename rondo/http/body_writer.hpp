#pragma once
// A request on its way out: the head, and behind it bytes or what a stream gives.

#include <exception>
#include <memory>
#include <string>

#include "rondo/http/request_body.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

/// What is to be sent, in this order.
struct OutgoingRequest {
  std::string head;                         ///< may be empty: it has been sent already
  std::shared_ptr<const std::string> body;  ///< null: none, or a stream
  std::shared_ptr<BodyStream> stream;       ///< null: none, or bytes
  proto::BodyFraming framing;               ///< of the stream: what the head has announced
  RequestTrace* trace = nullptr;            ///< null: nobody listens, or not any more
};

/// What a `BodyStream` has thrown.
struct BodyStreamFailure {
  std::exception_ptr error;
};

/// Sends all of `request`, which must last as long. Throws the errors of `to`, `BodyStreamFailure`,
/// and `ExchangeFailure` for a stream that is not as long as it said. Cancelled, it leaves `to` of
/// no further use.
Task<> write_request(net::ByteStream& to, OutgoingRequest& request);

}  // namespace rondo::http
