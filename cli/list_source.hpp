#pragma once
// Jobs straight from the input: nothing outlives the run.

#include <string>
#include <vector>

#include "cli/file_naming.hpp"
#include "cli/input.hpp"
#include "cli/job_source.hpp"
#include "cli/result_sink.hpp"

namespace rondo::cli {

class ListSource final : public JobSource {
 public:
  /// Each job gets a file name of its own, if `naming` has one for it; it is noted in `names`,
  /// which outlives the source. Results go to all of `sinks`.
  ListSource(Input input, FileNaming naming, FileNames& names, std::vector<ResultSink*> sinks);

  Task<> attend() override;
  Task<JobPtr> next() override;
  void finish(FinishedTransfer finished) override;
  [[nodiscard]] bool has_room() const noexcept override { return true; }
  Task<> wait_for_room() override { co_return; }
  void note_half(std::uint64_t, const EarlierRuns&) override {}
  Task<> drain() override { co_return; }
  void close() override {}
  [[nodiscard]] std::optional<std::uint64_t> expected() const override { return input_.expected(); }
  [[nodiscard]] const std::string& problem() const override { return problem_; }

 private:
  Input input_;
  FileNaming naming_;
  FileNames& names_;
  std::vector<ResultSink*> sinks_;
  std::string problem_;
};

/// Why a job cannot have the file that it asks for; empty: it can.
[[nodiscard]] std::string problem_with_output(const Job& job, bool names_files);

}  // namespace rondo::cli
