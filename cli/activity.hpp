#pragma once
// How much was finished when, in constant memory.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

/// Counts over slots of time of one width, which doubles whenever the run outgrows them.
class Activity {
 public:
  struct Slot {
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
  };

  /// Something has ended `since_start` after the start of the run.
  void add(Clock::duration since_start, bool has_failed) noexcept;

  /// From the start to the last slot that has anything.
  [[nodiscard]] std::span<const Slot> slots() const noexcept { return {slots_.data(), used_}; }
  [[nodiscard]] Clock::duration width() const noexcept { return width_; }

 private:
  void double_width() noexcept;

  std::array<Slot, 120> slots_{};
  std::size_t used_ = 0;
  Clock::duration width_ = std::chrono::milliseconds(10);
};

}  // namespace rondo::cli
