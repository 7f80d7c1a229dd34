#pragma once
// How many transfers a host bears at a time, found by trying. Nothing here waits.

#include <cstddef>

#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// Additive increase, multiplicative decrease, as TCP has it: from 2 transfers at a time one more
/// for each that goes well, after the first trouble one more for each round; half of them after
/// trouble, once a round. Trouble is a transfer that failed, that the server was too busy for, or
/// that took more than `kSlow` times as long as usual.
class AdaptiveLimit {
 public:
  static constexpr double kSlow = 3;

  explicit AdaptiveLimit(std::size_t most) noexcept;

  [[nodiscard]] std::size_t value() const noexcept { return static_cast<std::size_t>(limit_); }

  /// A transfer has ended that took `latency`.
  void ended(bool had_trouble, Clock::duration latency) noexcept;

 private:
  double most_;
  double limit_;
  bool is_starting_ = true;
  std::size_t immune_ = 0;  // ends until the next decrease: those of the round that had the trouble
  double usual_ = 0;        // seconds, smoothed
};

}  // namespace rondo::cli
