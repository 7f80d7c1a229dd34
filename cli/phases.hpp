#pragma once
// The phases of a transfer as a table.

#include <array>
#include <string_view>

#include "rondo/http/timings.hpp"
#include "rondo/runtime/clock.hpp"

namespace rondo::cli {

struct Phase {
  std::string_view name;
  Clock::duration http::Timings::* time;
};

/// In the order of the walk, with the names that results have for them.
inline constexpr std::array<Phase, 7> kPhases = {{{"queued", &http::Timings::queued},
                                                  {"dns", &http::Timings::dns},
                                                  {"connect", &http::Timings::connect},
                                                  {"tls", &http::Timings::tls},
                                                  {"send", &http::Timings::send},
                                                  {"wait", &http::Timings::wait},
                                                  {"receive", &http::Timings::receive}}};

/// Adds `timings` to `sum`, phase by phase.
inline void add_timings(const http::Timings& timings, http::Timings& sum) noexcept {
  for (const Phase& phase : kPhases) sum.*phase.time += timings.*phase.time;
}

}  // namespace rondo::cli
