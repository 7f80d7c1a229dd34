// A place is tried before anything is sent, so that nobody waits an hour for a file that cannot be.

#include "cli/run_files.hpp"

#include <string>
#include <utility>

#include "rondo/base/error.hpp"

#include "cli/file_place.hpp"
#include "cli/har_log.hpp"
#include "cli/html_report.hpp"
#include "cli/metrics_file.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

/// What `make(place)` gives for the place at `path`.
template <class Make>
std::unique_ptr<RunFile> open_one(const char* option, const std::string& path, Make make) {
  try {
    return make(FilePlace(path));
  } catch (const Error& error) {
    throw UsageError(std::string(option) + ": " + error.what());
  }
}

}  // namespace

std::vector<std::unique_ptr<RunFile>> open_run_files(const FetchOptions& options) {
  std::vector<std::unique_ptr<RunFile>> files;
  if (!options.report.empty()) {
    files.push_back(open_one("--report", options.report, [](FilePlace place) {
      return std::make_unique<HtmlReport>(std::move(place));
    }));
  }
  if (!options.har.empty()) {
    files.push_back(open_one("--har", options.har, [&](FilePlace place) {
      return std::make_unique<HarLog>(std::move(place), options.har_sensitive);
    }));
  }
  if (!options.metrics.empty()) {
    files.push_back(open_one("--metrics", options.metrics, [&](FilePlace place) {
      return std::make_unique<MetricsFile>(std::move(place), options.metrics_labels);
    }));
  }
  return files;
}

}  // namespace rondo::cli
