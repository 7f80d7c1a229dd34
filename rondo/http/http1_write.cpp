// A failed write is no exception yet: a server that refuses a body may have answered.

#include "rondo/http/http1_write.hpp"

#include <exception>

#include "rondo/base/error.hpp"
#include "rondo/http/stream_failure.hpp"

namespace rondo::http {

std::optional<ExchangeFailure> Http1Write::await_resume() const {
  try {
    static_cast<void>(transferred());
  } catch (const Error&) {
    return stream_failure(std::current_exception());
  }
  if (trace_ != nullptr && !body_.empty()) trace_->on_request_chunk_sent(body_);
  return std::nullopt;
}

}  // namespace rondo::http
