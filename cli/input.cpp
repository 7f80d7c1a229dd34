// The list is read line by line when the URLs of the command line are used up.

#include "cli/input.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "cli/job_parser.hpp"

namespace rondo::cli {

JobPtr job_of(const InputLine& line) {
  if (!line.is_argument) return parse_job(line.text);
  auto job = std::make_unique<Job>();
  job->url = line.text;
  job->problem = problem_with_url(job->url);
  return job;
}

Input::Input(std::vector<std::string> urls, int list)
    : urls_(std::move(urls)), list_descriptor_(list) {
  if (list >= 0) list_.emplace(list);
}

Task<JobPtr> Input::next() {
  const auto line = co_await next_line();
  if (!line) co_return nullptr;
  JobPtr job = job_of(*line);
  job->number = count_;
  co_return job;
}

Task<std::optional<InputLine>> Input::next_line() {
  if (next_url_ < urls_.size()) {
    ++count_;
    co_return InputLine{urls_[next_url_++], true};
  }
  while (list_) {
    const auto line = co_await list_->next();
    if (!line) break;
    const std::string_view text = job_text(*line);
    if (text.empty() || is_header(text)) continue;
    ++count_;
    if (columns_) columns_->to_line(text, row_);
    co_return InputLine{columns_ ? row_ : text, false};
  }
  has_ended_ = true;
  co_return std::nullopt;
}

bool Input::is_header(std::string_view line) {
  if (!std::exchange(is_first_line_, false)) return false;
  columns_ = CsvColumns::parse(line);
  return columns_.has_value();
}

void Input::rewind() {
  if (list_) {
    ::lseek(list_descriptor_, 0, SEEK_SET);
    list_.emplace(list_descriptor_);
  }
  next_url_ = 0;
  count_ = 0;
  has_ended_ = false;
  is_first_line_ = true;
  columns_.reset();
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
