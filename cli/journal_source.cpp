// Three tasks: the reader, who claims when it has nothing left; one that streams the input into the
// store; and one that writes what has ended, a batch at a time. While a batch is written the next
// one gathers, so batches are as large as the store is slow, and never wait for being full.

#include "cli/journal_source.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "cli/disk_error.hpp"
#include "cli/list_source.hpp"

namespace rondo::cli {
namespace {

using std::chrono::system_clock;

constexpr std::size_t kClaim = 2048;
constexpr std::size_t kFullBatch = 256;  // is written without waiting for more
constexpr std::chrono::milliseconds kGather{10};

JobPtr job_of(ClaimedJob claimed, bool names_files) {
  const InputLine line{claimed.spec.empty() ? claimed.url : claimed.spec, claimed.spec.empty()};
  JobPtr job = job_of(line);
  job->number = claimed.id;
  job->problem = problem_with_output(*job, names_files);
  job->output = std::move(claimed.output);
  if (!claimed.had_begun && !claimed.was_done) return job;
  EarlierRuns earlier{.attempts = claimed.attempts, .had_begun = claimed.had_begun};
  (claimed.was_done ? earlier.whole : earlier.half) = std::move(claimed.validators);
  earlier.pieces = std::move(claimed.pieces);
  job->earlier = std::make_shared<const EarlierRuns>(std::move(earlier));
  return job;
}

JobState state_of(const FinishedTransfer& finished) {
  if (finished.was_cancelled || finished.again_at) return JobState::waiting;
  return finished.result.error ? JobState::failed : JobState::done;
}

JobRecord record_of(const FinishedTransfer& finished) {
  const TransferResult& result = finished.result;
  JobRecord record;
  record.id = result.number;
  record.state = state_of(finished);
  record.attempts = finished.attempts;
  record.validators = finished.validators;
  record.pieces = finished.pieces;
  record.is_unchanged = finished.is_unchanged;
  record.finished = system_clock::now();
  if (finished.again_at) record.next_time = *finished.again_at;
  if (record.state == JobState::waiting) return record;
  record.status = result.status;
  record.bytes = result.body_bytes;
  record.sha256 = result.body_sha256;
  if (result.final_url != result.url) record.final_url = result.final_url;
  if (!result.error) return record;
  record.error_kind = to_string(result.error->kind);
  record.error_class = result.error->class_name;
  record.error_phase = result.error->phase;
  record.error_message = result.error->message;
  return record;
}

}  // namespace

JournalSource::JournalSource(JobStore& store, Input input, FileNaming naming,
                             OutputDirectory* directory, unsigned retries,
                             std::vector<ResultSink*> sinks)
    : store_(store),
      input_(std::move(input)),
      intake_(input_, store, naming),
      naming_(naming),
      directory_(directory),
      sinks_(std::move(sinks)),
      at_start_(store.counts()),
      retries_(retries, std::random_device()()) {}

Task<> JournalSource::attend() {
  try {
    co_await with_task_group([this](TaskGroup& group) {
      group.spawn(take_input());
      return acknowledge_all();
    });
  } catch (const Error& error) {
    problem_ = error.what();
  }
}

Task<> JournalSource::take_input() {
  try {
    co_await intake_.run([this] { wake_reader(); });
  } catch (const OsError&) {
    input_failure_ = std::current_exception();
  }
  input_has_ended_ = true;
  wake_reader();
}

Task<JobPtr> JournalSource::next() {
  while (claimed_.empty()) {
    const bool is_end = input_has_ended_ && unreported_ == 0;
    const std::uint64_t news = news_;
    const auto next_time = co_await claim();
    if (!claimed_.empty()) break;
    if (next_time) {
      const Clock::duration delay = *next_time - system_clock::now();
      co_await sleep(std::clamp<Clock::duration>(delay, kGather, std::chrono::seconds(1)));
    } else if (is_end) {
      if (input_failure_) std::rethrow_exception(input_failure_);
      co_return nullptr;
    } else if (news == news_) {
      reader_waits_ = true;
      co_await more_.acquire();
    }
  }
  JobPtr job = std::move(claimed_.front());
  claimed_.pop_front();
  ++unreported_;
  co_return job;
}

Task<std::optional<JobRecord::Time>> JournalSource::claim() {
  std::vector<ClaimedJob> jobs;
  std::optional<JobRecord::Time> next_time;
  co_await to_thread([&] {
    jobs = store_.claim(kClaim, system_clock::now());
    if (jobs.empty()) next_time = store_.next_time();
  });
  for (ClaimedJob& job : jobs) claimed_.push_back(job_of(std::move(job), naming_.names_files()));
  co_return next_time;
}

void JournalSource::finish(FinishedTransfer finished) {
  pending_.finished.push_back(std::move(finished));
  wake_writer();
}

Task<> JournalSource::wait_for_room() {
  while (!has_room()) {
    ++waiting_workers_;
    co_await room_.acquire();
  }
}

void JournalSource::wake_workers() {
  for (; waiting_workers_ > 0; --waiting_workers_) room_.release();
}

void JournalSource::note_half(std::uint64_t number, const EarlierRuns& half) {
  JobRecord record;
  record.id = number;
  record.state = JobState::claimed;
  record.attempts = half.attempts;
  record.validators = half.half;
  record.pieces = half.pieces;
  pending_.halves.push_back(std::move(record));
  wake_writer();
}

Task<> JournalSource::acknowledge_all() {
  while (true) {
    if (pending_.empty()) {
      if (std::exchange(somebody_drains_, false)) drained_.release();
      writer_waits_ = true;
      co_await work_.acquire();
      continue;
    }
    if (pending_.finished.size() < kFullBatch && !somebody_drains_) co_await sleep(kGather);
    written_ = std::exchange(pending_, {});
    wake_workers();
    is_writing_ = true;
    co_await to_thread([this] { write(written_); });
    is_writing_ = false;
    report(written_, false);
    wake_reader();
  }
}

void JournalSource::write(Batch& batch) {
  place_all(batch.finished);
  // A half file is noted before the end of the same transfer, which takes its place.
  std::vector<JobRecord> records;
  records.reserve(batch.halves.size() + batch.finished.size());
  records.insert(records.end(), batch.halves.begin(), batch.halves.end());
  for (const FinishedTransfer& finished : batch.finished) records.push_back(record_of(finished));
  store_.acknowledge(records);
}

/// Puts all files in their places; whether that was possible is part of the results.
void JournalSource::place_all(std::deque<FinishedTransfer>& finished) {
  std::map<std::shared_ptr<OpenDirectory>, std::vector<FinishedTransfer*>> placed;
  for (FinishedTransfer& each : finished) {
    if (!each.file) continue;
    try {
      placed[place(each)].push_back(&each);
    } catch (const OsError& error) {
      fail(each, error);
    }
    each.file.reset();
  }
  for (const auto& [directory, transfers] : placed) {
    try {
      directory->sync();
    } catch (const OsError& error) {
      for (FinishedTransfer* each : transfers) fail(*each, error);
    }
  }
}

/// The directory is to be synchronised.
std::shared_ptr<OpenDirectory> JournalSource::place(FinishedTransfer& finished) {
  finished.file->sync();
  if (!finished.wanted_name.empty()) name(finished);
  finished.file->commit();
  return finished.file->directory();
}

void JournalSource::fail(FinishedTransfer& finished, const OsError& error) {
  finished.result.saved_to.clear();
  finished.result.error = {ErrorKind::io, "OsError", "receive", error.what()};
  if (!may_pass(error.code()) || !finished.may_be_repeated) return;
  const auto delay = retries_.delay_after({.number = finished.attempts});
  if (!delay) return;
  finished.validators = {};
  finished.again_at =
      system_clock::now() + std::chrono::duration_cast<system_clock::duration>(*delay);
}

/// The store knows the name before the file has it, so that a job that is killed in between gives
/// the file no second one.
void JournalSource::name(FinishedTransfer& finished) {
  const std::string name = store_.name_output(finished.result.number, finished.wanted_name);
  directory_->rename(*finished.file, name);
  finished.result.saved_to = directory_->path_of(name);
}

/// What is fetched again has no result before that, unless this is the last there is.
void JournalSource::report(Batch& batch, bool is_last) {
  for (const FinishedTransfer& finished : batch.finished) {
    for (ResultSink* sink : sinks_) {
      if (finished.again_at && !is_last) {
        sink->take_back();
      } else {
        sink->add(finished.result);
      }
    }
  }
  unreported_ -= batch.finished.size();
  batch = {};
}

Task<> JournalSource::drain() {
  if (pending_.empty() && !is_writing_) co_return;
  somebody_drains_ = true;
  co_await drained_.acquire();
}

void JournalSource::close() {
  // A batch that was being written when the run ended may be there or not: it is written again.
  for (Batch* batch : {&written_, &pending_}) {
    if (batch->empty()) continue;
    write(*batch);
    report(*batch, true);
  }
}

std::optional<std::uint64_t> JournalSource::expected() const {
  if (!input_has_ended_) return std::nullopt;
  return at_start_.left() + intake_.added();
}

void JournalSource::wake_reader() {
  ++news_;
  if (std::exchange(reader_waits_, false)) more_.release();
}

void JournalSource::wake_writer() {
  if (std::exchange(writer_waits_, false)) work_.release();
}

}  // namespace rondo::cli
