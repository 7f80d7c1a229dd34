#pragma once
// The live line that shows how far the run is.

#include <cstdint>
#include <optional>
#include <string>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/console.hpp"
#include "cli/job_source.hpp"
#include "cli/tally.hpp"

namespace rondo::cli {

/// "done 120/2000, failed 3, in flight 64, 310/s, 12.5 MB, ETA 6.1 s"; without a total, no ETA.
[[nodiscard]] std::string progress_line(const Tally& tally, std::optional<std::uint64_t> expected,
                                        Clock::duration elapsed);

/// Draws the line a few times a second until it is cancelled, and takes it away then.
Task<> show_progress(const Tally& tally, const JobSource& source, Console& console);

}  // namespace rondo::cli
