#pragma once
// Requests whose memory goes round.

#include "rondo/base/recycled.hpp"
#include "rondo/http/request.hpp"

namespace rondo::http {

/// One that has been made already, and mostly has memory for its URL.
struct RecycledRequest final : Request {
  RecycledRequest();

  /// See `RecycledPtr`.
  void clear() noexcept;
};

/// What a session keeps of a request for as long as it is under way.
using RequestPtr = RecycledPtr<RecycledRequest>;

[[nodiscard]] RequestPtr copy_of(const Request& request);

}  // namespace rondo::http
