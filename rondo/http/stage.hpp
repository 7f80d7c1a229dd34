#pragma once
// How far one exchange has come.

#include "rondo/http/errors.hpp"
#include "rondo/http/timings.hpp"

namespace rondo::http {

class RequestTrace;

/// Kept true by whoever works on the exchange, so that a time-out or a failure at any moment can
/// say what was going on.
struct Stage {
  Phase phase = Phase::plan;
  Timings timings;
  RequestTrace* trace = nullptr;  ///< null: nobody listens
};

}  // namespace rondo::http
