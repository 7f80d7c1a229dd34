#pragma once
// How many bytes of bodies may arrive in a second, over all transfers.

#include <chrono>
#include <cstdint>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::cli {

/// Whoever has read a piece waits until its bytes are paid for before he reads on, so that the
/// server is held back by the connection. Up to `kBurst` may be saved up.
class BandwidthLimit {
 public:
  static constexpr std::chrono::milliseconds kBurst{50};

  /// 0: no limit.
  explicit BandwidthLimit(std::uint64_t bytes_per_second = 0) noexcept : rate_(bytes_per_second) {}

  explicit operator bool() const noexcept { return rate_ > 0; }

  /// Takes `bytes` and says how long after `now` they are paid for.
  [[nodiscard]] Clock::duration reserve(std::uint64_t bytes, Clock::time_point now) noexcept;

  /// Takes `bytes` and waits until they are paid for.
  Task<> take(std::uint64_t bytes);

 private:
  std::uint64_t rate_;
  Clock::time_point paid_{};  // for all that was taken
};

}  // namespace rondo::cli
