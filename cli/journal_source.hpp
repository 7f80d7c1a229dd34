#pragma once
// Jobs from a store that outlives the run, into which the input is streamed beside the transfers.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rondo/base/error.hpp"
#include "rondo/runtime/semaphore.hpp"

#include "cli/file_naming.hpp"
#include "cli/input.hpp"
#include "cli/job_source.hpp"
#include "cli/job_store.hpp"
#include "cli/list_intake.hpp"
#include "cli/output_directory.hpp"
#include "cli/result_sink.hpp"
#include "cli/retry_policy.hpp"

namespace rondo::cli {

/// Claims jobs in batches, and acknowledges in batches what has ended: files are synchronised,
/// named, and their directories synchronised, before the store is told that they are there; results
/// are reported when the store has them. What was cancelled waits in the store, with its half file;
/// so does, for a while and `retries` times, what was fetched but whose file cannot be put there.
class JournalSource final : public JobSource {
 public:
  /// The store and the directory, null without files, outlive it. Each job gets the file name that
  /// `naming` has for it. Results go to all of `sinks`.
  JournalSource(JobStore& store, Input input, FileNaming naming, OutputDirectory* directory,
                unsigned retries, std::vector<ResultSink*> sinks);

  Task<> attend() override;
  Task<JobPtr> next() override;
  void finish(FinishedTransfer finished) override;
  [[nodiscard]] bool has_room() const noexcept override {
    return pending_.finished.size() < kMostPending;
  }
  Task<> wait_for_room() override;
  void note_half(std::uint64_t number, const EarlierRuns& half) override;
  Task<> drain() override;
  void close() override;
  [[nodiscard]] std::optional<std::uint64_t> expected() const override;
  [[nodiscard]] const std::string& problem() const override { return problem_; }

 private:
  /// What has ended, and what is known of half files.
  struct Batch {
    std::deque<FinishedTransfer> finished;  // whose memory grows by what is added
    std::vector<JobRecord> halves;
    [[nodiscard]] bool empty() const noexcept { return finished.empty() && halves.empty(); }
  };

  static constexpr std::size_t kMostPending = 2048;

  Task<> take_input();
  Task<> acknowledge_all();
  Task<std::optional<JobRecord::Time>> claim();
  void write(Batch& batch);
  void place_all(std::deque<FinishedTransfer>& finished);
  [[nodiscard]] std::shared_ptr<OpenDirectory> place(FinishedTransfer& finished);
  void fail(FinishedTransfer& finished, const OsError& error);
  void name(FinishedTransfer& finished);
  void report(Batch& batch, bool is_last);
  void wake_reader();
  void wake_writer();
  void wake_workers();

  JobStore& store_;
  Input input_;
  ListIntake intake_;
  FileNaming naming_;
  OutputDirectory* directory_;
  std::vector<ResultSink*> sinks_;
  JobCounts at_start_;
  RetryPolicy retries_;  // the writer's
  std::deque<JobPtr> claimed_;
  Batch pending_;  // is gathered
  Batch written_;  // is being written
  bool is_writing_ = false;
  std::size_t unreported_ = 0;  // jobs that were given out
  std::uint64_t news_ = 0;      // how often something has happened that the reader may wait for
  bool input_has_ended_ = false;
  bool reader_waits_ = false;
  bool writer_waits_ = false;
  bool somebody_drains_ = false;
  Semaphore more_{0};     // for the reader: there is news
  Semaphore work_{0};     // for the writer
  Semaphore drained_{0};  // for who drains
  Semaphore room_{0};     // for workers
  std::size_t waiting_workers_ = 0;
  std::exception_ptr input_failure_;
  std::string problem_;
};

}  // namespace rondo::cli
