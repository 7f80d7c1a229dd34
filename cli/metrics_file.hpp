#pragma once
// `--metrics`: the counts of the run for the textfile collector of Prometheus' node_exporter.

#include <chrono>

#include "cli/file_place.hpp"
#include "cli/run_file.hpp"
#include "cli/transfer_metrics.hpp"

namespace rondo::cli {

/// Writes the file every `kInterval` and at the end, each time whole.
class MetricsFile final : public RunFile {
 public:
  static constexpr std::chrono::seconds kInterval{5};

  /// Throws `OsError` when no file can be made there.
  MetricsFile(FilePlace place, const MetricLabels& labels);

  void add(const TransferResult& result) override { metrics_.add(result); }

  /// A file that cannot be written then is left for the next time.
  Task<> attend(RunView view) override;

  void finish(const RunEnd& end) override;

 private:
  FilePlace place_;
  TransferMetrics metrics_;
};

}  // namespace rondo::cli
