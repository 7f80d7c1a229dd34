#pragma once
// Jobs straight from the input: nothing outlives the run.

#include <string>
#include <vector>

#include "cli/file_name.hpp"
#include "cli/input.hpp"
#include "cli/job_source.hpp"
#include "cli/result_sink.hpp"

namespace rondo::cli {

class ListSource final : public JobSource {
 public:
  /// `names_files`: each job gets a file name of its own. Results go to all of `sinks`.
  ListSource(Input input, bool names_files, std::vector<ResultSink*> sinks);

  Task<> attend() override;
  Task<std::optional<Job>> next() override;
  void finish(FinishedTransfer finished) override;
  void note_half(std::uint64_t, const EarlierRuns&) override {}
  Task<> drain() override { co_return; }
  void close() override {}
  [[nodiscard]] std::optional<std::uint64_t> expected() const override { return input_.expected(); }
  [[nodiscard]] const std::string& problem() const override { return problem_; }

 private:
  Input input_;
  bool names_files_;
  std::vector<ResultSink*> sinks_;
  FileNames names_;
  std::string problem_;
};

/// Why a job cannot have the file that it asks for; empty: it can.
[[nodiscard]] std::string problem_with_output(const Job& job, bool names_files);

}  // namespace rondo::cli
