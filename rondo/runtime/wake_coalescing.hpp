#pragma once
// Waking once for several answers, as network cards do with their interrupts (ethtool's
// adaptive-rx).

#include <chrono>
#include <cstdint>

#include "rondo/runtime/arrivals.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::detail {

class Reactor;

/// Decides for one loop whether it naps before it looks what has come. It does while answers come
/// one by one and so fast that a nap gathers several, and only where they have been waited for so
/// much longer than a nap lasts that nobody misses it: see `judge`.
class WakeCoalescing {
 public:
  /// `reactor.poll(limit)`, which is not 0; or a nap, and what has come meanwhile, which may be
  /// nothing. `now`: the time at about the last poll.
  void poll(Reactor& reactor, Clock::time_point now, std::chrono::milliseconds limit) noexcept;

  [[nodiscard]] bool is_on() const noexcept { return is_on_; }

 private:
  void judge(Arrivals& arrivals, Clock::time_point now) noexcept;
  void nap_and_poll(Reactor& reactor, Clock::time_point now) noexcept;
  void begin_window(Arrivals& arrivals, Clock::time_point now, std::uint32_t grown_up) noexcept;

  // A window: so many answers as are judged together.
  Clock::time_point window_begun_;
  std::uint32_t first_poll_ = 0;
  bool is_on_ = false;
};

}  // namespace rondo::detail
