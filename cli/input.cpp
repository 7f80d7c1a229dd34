// The list is read line by line when the URLs of the command line are used up.

#include "cli/input.hpp"

#include <algorithm>
#include <utility>

#include "cli/job_parser.hpp"

namespace rondo::cli {

Input::Input(std::vector<std::string> urls, int list) : urls_(std::move(urls)) {
  if (list >= 0) list_.emplace(list);
}

Task<std::optional<Job>> Input::next() {
  std::optional<Job> job;
  if (next_url_ < urls_.size()) {
    job.emplace();
    job->url = std::move(urls_[next_url_++]);
    job->problem = problem_with_url(job->url);
  } else if (list_) {
    job = co_await next_of_list();
  }
  if (job) {
    job->number = ++count_;
  } else {
    has_ended_ = true;
  }
  co_return job;
}

Task<std::optional<Job>> Input::next_of_list() {
  while (true) {
    const auto line = co_await list_->next();
    if (!line) co_return std::nullopt;
    if (auto job = parse_job(*line)) co_return job;
  }
}

std::optional<std::uint64_t> Input::expected() const noexcept {
  if (has_ended_) return count_;
  if (!list_) return urls_.size();
  const auto size = list_->file_size();
  const std::uint64_t from_list = count_ - std::min<std::uint64_t>(count_, urls_.size());
  if (!size || from_list == 0 || list_->position() == 0) return std::nullopt;
  const double lines = static_cast<double>(from_list) * static_cast<double>(*size) /
                       static_cast<double>(list_->position());
  return urls_.size() + static_cast<std::uint64_t>(lines);
}

}  // namespace rondo::cli
