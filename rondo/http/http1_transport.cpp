// Notes how far an exchange has come, for whoever has to decide whether it may be tried again.

#include "rondo/http/http1_transport.hpp"

#include <exception>
#include <optional>

#include "rondo/base/error.hpp"
#include "rondo/http/stream_failure.hpp"

namespace rondo::http {

Task<> Http1Transport::send(std::string_view head, std::string_view body) {
  std::optional<ExchangeFailure> failure;
  // From here on nobody can say that nothing was sent: a failed write may have been a partial one.
  progress_ = Progress::sent;
  try {
    co_await stream_->write(head, body);
  } catch (const Error&) {
    failure = stream_failure(std::current_exception());
  }
  if (!failure) co_return;
  is_cut_ = true;
  // A server that refuses a body answers and closes: its answer says more than the broken pipe.
  bool has_answer = false;
  try {
    if (!body.empty()) has_answer = co_await receive_more();
  } catch (const ExchangeFailure&) {
    has_answer = false;
  }
  if (!has_answer) throw ExchangeFailure(*failure);
}

Task<std::size_t> Http1Transport::receive(std::span<char> into) {
  try {
    const std::size_t count = co_await stream_->read(into);
    if (count > 0) progress_ = Progress::answered;
    co_return count;
  } catch (const Error&) {
    throw stream_failure(std::current_exception());
  }
}

Task<bool> Http1Transport::receive_more() {
  const std::size_t count = co_await receive(buffer_.prepare());
  buffer_.commit(count);
  co_return count > 0;
}

}  // namespace rondo::http
