// There is nothing to attend to: results are reported when they come.

#include "cli/list_source.hpp"

#include <utility>

namespace rondo::cli {

std::string problem_with_output(const Job& job, bool names_files) {
  if (names_files || job.output.empty() || !job.problem.empty()) return job.problem;
  return "\"output\" needs the option -o DIR";
}

ListSource::ListSource(Input input, FileNaming naming, FileNames& names,
                       std::vector<ResultSink*> sinks)
    : input_(std::move(input)), naming_(naming), names_(names), sinks_(std::move(sinks)) {}

Task<> ListSource::attend() {
  co_return;
}

Task<JobPtr> ListSource::next() {
  auto job = co_await input_.next();
  if (!job) co_return nullptr;
  job->problem = problem_with_output(*job, naming_.names_files());
  if (job->output.empty()) job->output = naming_.first_name(job->url, job->number);
  if (!job->output.empty() && naming_.names_files()) job->output = names_.reserve(job->output);
  co_return job;
}

void ListSource::finish(FinishedTransfer finished) {
  for (ResultSink* sink : sinks_) sink->add(finished.result);
}

}  // namespace rondo::cli
