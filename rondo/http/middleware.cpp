// The chain is an array and a position in it: no middleware knows what is behind it.

#include "rondo/http/middleware.hpp"

#include "rondo/http/exchange.hpp"

namespace rondo::http {

Task<Response> Next::operator()(Request& request) const {
  if (rest_.empty()) return exchange_->send(request);
  return rest_.front()(request, Next(rest_.subspan(1), *exchange_));
}

}  // namespace rondo::http
