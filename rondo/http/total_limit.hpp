#pragma once
// What a whole request may take.

#include "rondo/runtime/clock.hpp"

namespace rondo::http {

/// The time of a request as a whole.
struct TotalLimit {
  Clock::time_point deadline;
  Clock::duration whole;  ///< what it was at the beginning
};

}  // namespace rondo::http
