#pragma once
// Where the time of a request went.

#include "rondo/runtime/clock.hpp"

namespace rondo::http {

/// One exchange. A phase that did not happen, as DNS on a kept connection, is zero. Measured with
/// the loop's clock, which is read once a turn.
struct Timings {
  Clock::duration queued{};  ///< waiting for a place in the pool
  Clock::duration dns{};
  Clock::duration connect{};  ///< TCP
  Clock::duration tls{};
  Clock::duration send{};     ///< the request
  Clock::duration wait{};     ///< from the last byte sent to the head of the answer
  Clock::duration receive{};  ///< the body

  [[nodiscard]] Clock::duration total() const noexcept {
    return queued + dns + connect + tls + send + wait + receive;
  }
};

}  // namespace rondo::http
