#pragma once
// What stands between a session and its connections: code of the user's own around each request.
//
//   Task<Response> log(Request& request, Next next) {
//     Response response = co_await next(request);
//     std::cout << request.method << ' ' << request.url.href() << ' ' << response.status() << '\n';
//     co_return response;
//   }
//   ClientSession session({.middlewares = {log}});

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "rondo/http/request.hpp"
#include "rondo/http/response.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::http {

class Exchange;

/// The rest of the chain behind a middleware, and at its end the exchange with the server. Used
/// while the middleware that was given it runs.
class Next {
 public:
  /// Sends `request`, which must last until the task has ended, and gives the answer. May be called
  /// any number of times: not at all for an answer from elsewhere (`make_response`), again to
  /// repeat the request, or several times at once, with a `Request` each. Before a repetition, drop
  /// or release the response that is not wanted, so that its connection is free; and ask
  /// `Request::is_replayable()`. Throws the `ClientError` tree and `Cancelled`.
  Task<Response> operator()(Request& request) const;

 private:
  friend class Exchange;
  Next(std::span<const Middleware> rest, Exchange& exchange) noexcept
      : rest_(rest), exchange_(&exchange) {}

  std::span<const Middleware> rest_;
  Exchange* exchange_;
};

}  // namespace rondo::http
