#include "rondo/http/response_state.hpp"

#include <utility>

namespace rondo::http::detail {

void ResponseState::clear() noexcept {
  body.reset();  // refers to the others
  if (reply.head.headers.memory() > kMostRecycled) free_memory(reply.head.headers);
  reply.body = nullptr;
  reply.may_have_trailers = reply.has_left_body = false;
  is_taken = false;
  request = nullptr;
  own_request.reset();
  const bool is_plain = reply.informational.empty() && !tls && history.empty() && !own_source;
  if (is_plain) return;
  reply.informational.clear();
  tls.reset();
  history.clear();
  own_source.reset();
}

void ResponseState::keep(RequestPtr sent) noexcept {
  if (request != sent.get()) return;  // a middleware has given another one's response
  if (sent->body) sent->body.reset();
  own_request = std::move(sent);
}

}  // namespace rondo::http::detail
