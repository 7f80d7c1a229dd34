// There is nothing to attend to: results are reported when they come.

#include "cli/list_source.hpp"

#include <utility>

namespace rondo::cli {

std::string problem_with_output(const Job& job, bool names_files) {
  if (names_files || job.output.empty() || !job.problem.empty()) return job.problem;
  return "\"output\" needs the option -o DIR";
}

ListSource::ListSource(Input input, bool names_files, std::vector<ResultSink*> sinks)
    : input_(std::move(input)), names_files_(names_files), sinks_(std::move(sinks)) {}

Task<> ListSource::attend() {
  co_return;
}

Task<std::optional<Job>> ListSource::next() {
  auto job = co_await input_.next();
  if (!job) co_return std::nullopt;
  job->problem = problem_with_output(*job, names_files_);
  if (names_files_) {
    job->output = names_.reserve(job->output.empty() ? file_name_for(job->url) : job->output);
  }
  co_return job;
}

void ListSource::finish(FinishedTransfer finished) {
  for (ResultSink* sink : sinks_) sink->add(finished.result);
}

}  // namespace rondo::cli
