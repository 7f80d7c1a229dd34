#pragma once
// One request as it is sent: after the plan, before the wire.

#include <string>
#include <string_view>

namespace rondo::http {

/// What a connection sends. The views belong to the request, which outlives the exchange.
struct Hop {
  std::string_view method;
  std::string head;  ///< request line and fields, serialised
  std::string_view body;
  bool keep_alive = true;  ///< false: the request says `Connection: close`
};

}  // namespace rondo::http
