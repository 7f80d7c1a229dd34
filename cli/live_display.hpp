#pragma once
// The live display of a run on a terminal.

#include <vector>

#include "rondo/runtime/task.hpp"

#include "cli/console.hpp"
#include "cli/job_source.hpp"
#include "cli/tally.hpp"
#include "cli/transfer.hpp"
#include "cli/transfer_summary.hpp"

namespace rondo::cli {

/// What it looks at.
struct DisplaySources {
  const Tally& tally;
  const JobSource& source;
  const std::vector<const Transfer*>& current;  ///< a place for each worker; null: it has none
  const SlowestTransfers& slowest;
};

/// Draws a few times a second until it is cancelled, and takes the lines away then.
Task<> show_live_display(DisplaySources sources, Console& console);

}  // namespace rondo::cli
