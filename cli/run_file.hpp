#pragma once
// A file about a run that is written beside it: a page, a log, metrics.

#include <string>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/job_source.hpp"
#include "cli/result_sink.hpp"
#include "cli/tally.hpp"

namespace rondo::cli {

/// What can be seen of a run from beside it. Outlived by the run.
struct RunView {
  const Tally& tally;
  const JobSource& source;
};

struct RunEnd {
  Clock::duration elapsed{};
  std::string why_early = {};  ///< "interrupted", "--max-time is up", or empty
};

/// Is told each result, as every sink, and never fails then: what cannot be written is told by
/// `finish`. A run that never gets there leaves no file.
class RunFile : public ResultSink {
 public:
  /// Runs beside the transfers until it is cancelled, or has nothing more to do.
  virtual Task<> attend(RunView) { co_return; }

  /// Writes down what is left to, behind the run and the last result; blocks. Throws `Error`.
  virtual void finish(const RunEnd& end) = 0;
};

}  // namespace rondo::cli
