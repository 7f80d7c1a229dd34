#pragma once
// A response that no server has given: what a middleware answers with that has a cache, and what a
// test answers with that wants no server.

#include <string>

#include "rondo/http/request.hpp"
#include "rondo/http/response.hpp"
#include "rondo/proto/http1_head.hpp"

namespace rondo::http {

/// The answer `head` with `body` to `request`; it has no connection and no remote address. The body
/// is taken as decoded, whatever `head` says. Inside a run only.
[[nodiscard]] Response make_response(const Request& request, proto::ResponseHead head,
                                     std::string body);

}  // namespace rondo::http
