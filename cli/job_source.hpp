#pragma once
// Where the jobs of a run come from, and where they go when they have ended: the input itself, or a
// journal that outlives the run.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "rondo/runtime/task.hpp"

#include "cli/job.hpp"
#include "cli/output_file.hpp"
#include "cli/transfer_result.hpp"

namespace rondo::cli {

/// What a transfer leaves behind.
struct FinishedTransfer {
  TransferResult result;
  std::optional<OutputFile> file = {};  ///< whole, but not committed yet
  std::string wanted_name = {};         ///< of the file; empty: it has one
  bool was_cancelled = false;
  bool may_be_repeated = false;  ///< by its method
  unsigned attempts = 0;         ///< in all runs
  Validators validators = {};    ///< of the body, or of half of it
  std::string pieces = {};       ///< what is missing of the half, as `Pieces` write it
  bool is_unchanged = false;     ///< what was known of the job before still holds
  /// Its file could not be put in its place, and it is fetched again from that time on.
  std::optional<std::chrono::system_clock::time_point> again_at = {};
};

/// One reader calls `next`, any number of workers the rest; all on one loop.
class JobSource {
 public:
  JobSource() = default;
  JobSource(const JobSource&) = delete;
  JobSource& operator=(const JobSource&) = delete;
  virtual ~JobSource() = default;

  /// Runs beside `next` and the workers; returns early if there is no going on: `problem` says why.
  virtual Task<> attend() = 0;

  /// The next job, numbered; null at the end. Throws `Error` when the input cannot be read on.
  virtual Task<JobPtr> next() = 0;

  /// Takes what became of the job that the result's number names. Its result is reported when
  /// nothing can take it back any more.
  virtual void finish(FinishedTransfer finished) = 0;

  /// Whether more may be finished; if not, who has finished something waits for room before he
  /// takes the next job, so that what is not written down yet does not grow without end.
  [[nodiscard]] virtual bool has_room() const noexcept = 0;
  virtual Task<> wait_for_room() = 0;

  /// The transfer of the job `number` will take longer, and what it leaves behind could be gone on
  /// with.
  virtual void note_half(std::uint64_t number, const EarlierRuns& half) = 0;

  /// Waits until everything that was finished is reported.
  virtual Task<> drain() = 0;

  /// The same behind the run, whichever way it has ended; blocks. Throws `Error`.
  virtual void close() = 0;

  /// How many jobs this run has, as far as that can be said.
  [[nodiscard]] virtual std::optional<std::uint64_t> expected() const = 0;

  /// Why `attend` has returned; empty: it has not.
  [[nodiscard]] virtual const std::string& problem() const = 0;
};

}  // namespace rondo::cli
