#pragma once
// Which files about the run are asked for.

#include <memory>
#include <vector>

#include "cli/fetch_options.hpp"
#include "cli/run_file.hpp"

namespace rondo::cli {

/// Those of `options`. Throws `UsageError` for a place where one cannot be written.
[[nodiscard]] std::vector<std::unique_ptr<RunFile>> open_run_files(const FetchOptions& options);

}  // namespace rondo::cli
