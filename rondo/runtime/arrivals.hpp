#pragma once
// What reads have brought lately, for whoever decides how the loop waits.

#include <cstdint>
#include <limits>

#include "rondo/runtime/operation.hpp"

namespace rondo::detail {

/// Counts the pending reads that have ended and how many of them were young, their age being the
/// number of polls that they have waited through: 1 for what the very next one brought.
struct Arrivals {
  static constexpr std::uint32_t kAlwaysYoung = std::numeric_limits<std::uint32_t>::max();

  std::uint32_t polls = 0;
  std::uint32_t ended = 0;
  std::uint32_t young = 0;
  std::uint32_t grown_up = kAlwaysYoung;  ///< from this age on a read is not young

  void note_wait(Operation& read) const noexcept { read.pending_since = polls; }

  void note_end(const Operation& read) noexcept {
    ++ended;
    if (polls - read.pending_since < grown_up) ++young;
  }
};

}  // namespace rondo::detail
