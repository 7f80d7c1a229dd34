#pragma once
// One write on an HTTP/1.1 connection, without a coroutine frame of its own.

#include <optional>
#include <string_view>

#include "rondo/http/connection.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/net/byte_stream.hpp"

namespace rondo::http {

/// The awaiter of `Http1Transport::write`: sends head and body of a request, and gives what that
/// has failed with. Throws `Cancelled`, and the errors of the runtime.
class Http1Write final : public net::detail::StreamAwaiter {
 public:
  /// `trace` is told of the body once it has left; null: nobody is.
  Http1Write(net::ByteStream& stream, std::string_view head, std::string_view body,
             RequestTrace* trace) noexcept
      : StreamAwaiter(stream, Kind::send), body_(body), trace_(trace) {
    parts = {head, body};
  }

  std::optional<ExchangeFailure> await_resume() const;

 private:
  std::string_view body_;
  RequestTrace* trace_;
};

}  // namespace rondo::http
