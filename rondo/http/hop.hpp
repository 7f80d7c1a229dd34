#pragma once
// One request as it is sent: after the plan, before the wire.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/runtime/clock.hpp"

namespace rondo::http {

/// What a connection sends. The view belongs to the request, which outlives the exchange; the body
/// is shared, for it may still be on its way when the answer has come.
struct Hop {
  std::string_view method;
  std::string head;                                   ///< request line and fields, serialised
  std::shared_ptr<const std::string> body = nullptr;  ///< null: none
  bool keep_alive = true;                             ///< false: it says `Connection: close`
  std::optional<Clock::duration> read_limit = std::nullopt;  ///< for each piece of the answer
};

}  // namespace rondo::http
