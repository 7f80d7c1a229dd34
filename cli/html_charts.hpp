#pragma once
// The drawings of the page of `--report`: SVG, and bars of elements.

#include <span>
#include <string>

#include "rondo/runtime/clock.hpp"

#include "cli/activity.hpp"
#include "cli/latency_histogram.hpp"
#include "cli/transfer_summary.hpp"

namespace rondo::cli {

/// How many transfers took how long, with lines at the 50th, 95th and 99th percentile.
[[nodiscard]] std::string latency_chart(const LatencyHistogram& latencies);

/// How many transfers ended when.
[[nodiscard]] std::string activity_chart(const Activity& activity);

/// A row for each of `transfers` with its phases side by side. On one scale of time: from `begun`
/// on, or, without it, each from its own start on.
[[nodiscard]] std::string waterfall(std::span<const TransferSummary> transfers,
                                    const Clock::time_point* begun);

/// The colours of the phases, with their names.
[[nodiscard]] std::string waterfall_legend();

}  // namespace rondo::cli
