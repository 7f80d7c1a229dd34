#pragma once
// Requests and answers as entries of a HAR file (HTTP Archive 1.2).

#include <string>
#include <string_view>

#include "cli/recorded_hop.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// The page that all entries belong to.
inline constexpr std::string_view kHarPage = "fetch";

/// Appends the entry of `hop`, an object. `error` is why there is no whole answer, or empty.
/// `shows_secrets`: credentials and cookies are in it.
void append_har_entry(const RecordedHop& hop, std::string_view error, bool shows_secrets,
                      std::string& out);

/// "2026-11-22T12:00:00.250Z".
[[nodiscard]] std::string har_time(std::chrono::system_clock::time_point time);

}  // namespace rondo::cli
