#pragma once
// How long transfers took, in constant memory.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// Counts durations in buckets whose width is 1/32 of their value, from microseconds to hours: a
/// quantile is off by 3 % at most.
class LatencyHistogram {
 public:
  void add(Clock::duration latency) noexcept;

  /// The duration that `fraction` (0.5, 0.95, ...) of all do not exceed; 0 when there are none.
  [[nodiscard]] Clock::duration quantile(double fraction) const noexcept;

  /// How many durations are below `end`, and not below the end of the stretch before.
  struct Stretch {
    Clock::duration end{};
    std::uint64_t count = 0;
  };

  /// From the shortest duration to the longest, in stretches of which `steps` (1, 2, 4, 8, 16 or
  /// 32) make a doubling.
  [[nodiscard]] std::vector<Stretch> stretches(std::size_t steps) const;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  static constexpr std::size_t kStepsPerDoubling = 32;
  static constexpr std::size_t kDoublings = 32;

  static std::size_t bucket_of(std::uint64_t micros) noexcept;
  static std::uint64_t upper_end(std::size_t bucket) noexcept;

  std::array<std::uint64_t, kStepsPerDoubling*(kDoublings + 1)> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace rondo::cli
