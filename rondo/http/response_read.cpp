// What is there is taken in place; only what has to be waited for needs a coroutine.

#include "rondo/http/response_read.hpp"

#include <utility>

#include "rondo/http/response_body.hpp"
#include "rondo/runtime/as_task.hpp"

namespace rondo::http {

ResponseRead::operator Task<std::string>() && {
  return rondo::detail::as_task(std::move(*this));
}

bool ResponseRead::await_ready() {
  return body_->read_at_once(text_);
}

Task<std::string>::Awaiter& ResponseRead::wait_for_rest() {
  rest_ = body_->read_on(std::move(text_));
  return waiting_.emplace(std::move(rest_).operator co_await());
}

std::string ResponseRead::await_resume() {
  return waiting_ ? waiting_->await_resume() : std::move(text_);
}

}  // namespace rondo::http
