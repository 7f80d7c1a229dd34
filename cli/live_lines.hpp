#pragma once
// What the live display shows, as lines for a terminal of any size.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/runtime/clock.hpp"

#include "cli/console.hpp"
#include "cli/transfer_summary.hpp"

namespace rondo::cli {

/// A transfer under way.
struct TransferUnderWay {
  std::string_view url;  ///< as the input has it
  std::string_view phase;
  Clock::duration age{};
  std::uint64_t bytes = 0;
};

struct LiveState {
  std::uint64_t done = 0;
  std::optional<std::uint64_t> expected = {};
  std::uint64_t failed = 0;
  std::string failures = {};  ///< " (timeout 7, resolve 3)" or empty
  std::uint64_t in_flight = 0;
  std::uint64_t bytes = 0;
  double rate = 0;                             ///< of the last seconds
  double byte_rate = 0;                        ///< the same
  std::vector<TransferUnderWay> current = {};  ///< the oldest first
  std::vector<TransferSummary> slowest = {};   ///< of those that have ended
};

/// How many transfers of each kind are looked at.
inline constexpr std::size_t kLiveCurrent = 4;
inline constexpr std::size_t kLiveSlowest = 3;

/// A bar, figures, current and slowest transfers: as much of it as fits `size`, each line cut to
/// its width, and a row left free. All text of others is made printable. `has_utf8`: the bar may
/// be drawn with lines instead of letters.
[[nodiscard]] std::vector<LiveLine> live_lines(const LiveState& state, const TerminalSize& size,
                                               bool has_utf8);

}  // namespace rondo::cli
