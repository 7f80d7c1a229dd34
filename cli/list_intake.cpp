// Lines are gathered on the loop and written on a worker thread. The first batches are small, so
// that the first transfers need not wait; the later ones are large, since the table of names is
// written all over by each.

#include "cli/list_intake.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "rondo/runtime/to_thread.hpp"

#include "cli/stable_hash.hpp"

namespace rondo::cli {
namespace {

constexpr std::size_t kFirstBatch = 1024;
constexpr std::size_t kLargestBatch = 16384;

std::uint64_t key_of(const InputLine& line) {
  // An argument is a URL whatever it looks like; so it is no line that looks the same.
  return stable_hash(line.text, line.is_argument ? stable_hash("argument ") : kHashStart);
}

ListPosition behind(ListPosition position, std::uint64_t key) {
  const std::string_view bytes(reinterpret_cast<const char*>(&key), sizeof key);
  return {position.lines + 1, stable_hash(bytes, position.hash)};
}

}  // namespace

Task<> ListIntake::run(std::function<void()> added) {
  const ListPosition known = store_.list_position();
  if (known.lines > 0) {
    const bool can_continue = input_.can_rewind();
    bool is_same = false;
    if (can_continue) is_same = co_await starts_with(known);
    if (can_continue && !is_same) input_.rewind();
    compares_ = !is_same;
  }
  if (compares_) {
    position_ = {0, 0};
    co_await to_thread([this] { store_.begin_comparison(); });
  }
  co_await take_over(added);
  if (compares_) co_await to_thread([this] { store_.end_comparison(position_); });
}

Task<bool> ListIntake::starts_with(ListPosition known) {
  while (position_.lines < known.lines) {
    const auto line = co_await input_.next_line();
    if (!line) co_return false;
    position_ = behind(position_, key_of(*line));
  }
  co_return position_ == known;
}

Task<> ListIntake::take_over(const std::function<void()>& added) {
  std::size_t most = kFirstBatch;
  while (true) {
    const auto line = co_await input_.next_line();
    if (line) take(*line);
    const bool must_wait = !line || (!input_.has_line() && !input_.can_rewind());
    if (!batch_.empty() && (must_wait || batch_.size() >= most)) {
      co_await flush();
      added();
      most = std::min(most * 2, kLargestBatch);
    }
    if (!line) co_return;
  }
}

void ListIntake::take(const InputLine& line) {
  NewJob job;
  job.key = key_of(line);
  position_ = behind(position_, job.key);
  const bool is_object = !line.is_argument && line.text.starts_with('{');
  if (is_object) {
    const JobPtr parsed = job_of(line);
    job.url = std::move(parsed->url);
    job.spec = line.text;
    job.output = std::move(parsed->output);
  } else {
    job.url = line.text;
  }
  if (!naming_.names_files()) {
    job.output.clear();
  } else if (job.output.empty()) {
    job.output = naming_.first_name(job.url, position_.lines);
  }
  batch_.push_back(std::move(job));
}

Task<> ListIntake::flush() {
  co_await to_thread([this] {
    if (compares_) {
      store_.add_missing(batch_);
    } else {
      store_.add(batch_, position_);
    }
  });
  added_ += batch_.size();
  batch_.clear();
}

}  // namespace rondo::cli
