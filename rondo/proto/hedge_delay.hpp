#pragma once
// How long to wait for an answer before the same request is sent a second time beside the first.

#include <array>
#include <chrono>
#include <cstddef>

namespace rondo::proto {

/// Learns from the times that answers have taken. One thread at a time.
class HedgeDelay {
 public:
  using Duration = std::chrono::nanoseconds;

  struct Options {
    /// The part of the answers that is to be faster than the delay: 0.95 sends every twentieth
    /// request twice.
    double quantile = 0.95;
    Duration least = std::chrono::milliseconds(10);
    Duration most = std::chrono::seconds(10);
    /// Until 20 answers are known.
    Duration initial = std::chrono::seconds(1);
  };

  explicit HedgeDelay(const Options& options) noexcept : options_(options) {}
  HedgeDelay() noexcept : HedgeDelay(Options{}) {}

  /// An answer has come after that time.
  void record(Duration taken) noexcept;

  [[nodiscard]] Duration delay() const noexcept;

 private:
  static constexpr std::size_t kWindow = 128;
  static constexpr std::size_t kEnough = 20;

  Options options_;
  std::array<Duration, kWindow> taken_{};  // the last ones, in a ring
  std::size_t count_ = 0;
};

}  // namespace rondo::proto
