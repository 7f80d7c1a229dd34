#pragma once
// When a host that cannot be reached is left alone. Nothing here waits.

#include <chrono>

#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// After `threshold` failed connections in a row the host rests; then one transfer probes it. A
/// success lets everything go on; a failure doubles the rest. After `kProbes` failed probes in a
/// row the host is dead. A threshold of 0 switches it off.
class HostBreaker {
 public:
  static constexpr std::chrono::seconds kFirstRest{1};
  static constexpr unsigned kProbes = 5;

  explicit HostBreaker(unsigned threshold) noexcept : threshold_(threshold) {}

  /// A transfer has reached the host.
  void succeeded() noexcept;

  /// A transfer has not.
  void failed(Clock::time_point now) noexcept;

  [[nodiscard]] bool is_dead() const noexcept { return probes_ >= kProbes; }

  /// Whether only one transfer may be under way, and that not before `rest_end`.
  [[nodiscard]] bool is_open() const noexcept { return is_open_ && !is_dead(); }
  [[nodiscard]] Clock::time_point rest_end() const noexcept { return rest_end_; }

  /// Whether there is nothing to remember.
  [[nodiscard]] bool is_idle() const noexcept { return failures_ == 0 && !is_open_; }

 private:
  unsigned threshold_;
  unsigned failures_ = 0;  // in a row
  unsigned probes_ = 0;    // failed ones in a row
  bool is_open_ = false;
  Clock::time_point rest_end_{};
};

}  // namespace rondo::cli
