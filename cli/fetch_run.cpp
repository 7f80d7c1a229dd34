// The workers are few, one for each transfer at a time, and take the next job when they are done
// with one: a list of a million URLs is never a million tasks.

#include "cli/fetch_run.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <random>
#include <stdexcept>
#include <utility>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/sleep.hpp"

#include "cli/journal_source.hpp"
#include "cli/list_source.hpp"
#include "cli/live_display.hpp"
#include "cli/session_setup.hpp"
#include "cli/usage_error.hpp"

namespace rondo::cli {
namespace {

Task<> end_on_signal(StopSignals& signals, TaskGroup& group) {
  co_await signals.wait();
  group.cancel("a signal");
}

HostPolicy host_policy(const FetchOptions& options) {
  return {.limit = options.per_host,
          .is_adaptive = options.adaptive,
          .interval = options.host_interval,
          .breaker = options.breaker,
          .spreads = options.spread};
}

FileNaming naming_of(const FetchOptions& options) {
  if (options.output.empty()) return {};
  return FileNaming(options.name_template ? &*options.name_template : nullptr);
}

/// Makes a transfer the current one of its worker.
class CurrentPlace {
 public:
  CurrentPlace(const Transfer*& place, const Transfer& transfer) noexcept : place_(place) {
    place_ = &transfer;
  }
  CurrentPlace(const CurrentPlace&) = delete;
  CurrentPlace& operator=(const CurrentPlace&) = delete;
  ~CurrentPlace() { place_ = nullptr; }

 private:
  const Transfer*& place_;
};

/// Made in a place of its own, for what it throws is about the command line.
void open_session(std::optional<http::ClientSession>& session, const FetchOptions& options,
                  const std::shared_ptr<proto::HstsStore>& hsts) {
  try {
    http::SessionOptions with = session_options(options);
    with.hsts = hsts != nullptr;
    with.hsts_store = hsts;
    session.emplace(std::move(with));
  } catch (const Error& error) {
    throw UsageError(error.what());
  } catch (const std::invalid_argument& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

FetchRun::FetchRun(const FetchOptions& options, FetchFiles files, Console& console,
                   StandardOutput& output)
    : options_(options),
      list_(std::move(files.list)),
      directory_(std::move(files.directory)),
      cookies_(std::move(files.cookies)),
      hsts_(std::move(files.hsts)),
      console_(console),
      output_(output),
      journal_(std::move(files.journal)),
      queue_(host_policy(options), std::random_device()()),
      report_(options, output, console, sole_),
      naming_(naming_of(options)),
      about_run_(std::move(files.about_run)),
      source_(open_source()),
      context_{.options = options,
               .console = console,
               .output = output,
               .directory = directory_.get(),
               .naming = naming_,
               .names = names_,
               .sole = sole_,
               .pacer = RatePacer(options.start_interval),
               .retries = RetryPolicy(options.retries, std::random_device()()),
               .bandwidth = BandwidthLimit(options.limit_rate),
               .keeper = journal_ ? source_.get() : nullptr} {}

std::unique_ptr<JobSource> FetchRun::open_source() {
  Input input(options_.urls, list_.get());
  std::vector<ResultSink*> sinks = {&tally_, &report_};
  if (shows_progress()) sinks.push_back(&slowest_);
  for (const auto& file : about_run_) sinks.push_back(file.get());
  if (!journal_) {
    return std::make_unique<ListSource>(std::move(input), naming_, names_, std::move(sinks));
  }
  sole_.deny();
  return std::make_unique<JournalSource>(*journal_, std::move(input), naming_, directory_.get(),
                                         options_.retries, std::move(sinks));
}

Task<> FetchRun::run(StopSignals& signals) {
  std::optional<http::ClientSession> session;
  open_session(session, options_, hsts_);
  load_cookies(*session);
  try {
    co_await run_in(*session, signals);
  } catch (...) {
    save_cookies(*session);
    throw;
  }
  save_cookies(*session);
}

Task<> FetchRun::run_in(http::ClientSession& session, StopSignals& signals) {
  co_await with_task_group([this, &session, &signals](TaskGroup& group) {
    group.spawn(end_on_signal(signals, group));
    return run_beside_output(session, group);
  });
}

Task<> FetchRun::run_beside_output(http::ClientSession& session, TaskGroup& group) {
  group.spawn(pump_output(group));
  group.spawn(attend_source(group));
  if (options_.max_time) group.spawn(end_in_time(group));
  if (options_.fail_early) group.spawn(end_on_failure(group));
  if (shows_progress()) {
    group.spawn(show_live_display({tally_, *source_, current_, slowest_}, console_));
  }
  for (const auto& file : about_run_) group.spawn(file->attend({tally_, *source_}));
  co_await fetch_all(session);
  co_await source_->drain();
  co_await output_.drain(0);
  group.cancel("all is done");
}

Task<> FetchRun::pump_output(TaskGroup& group) {
  co_await output_.pump();
  group.cancel("standard output has failed");
}

Task<> FetchRun::attend_source(TaskGroup& group) {
  co_await source_->attend();
  if (!source_->problem().empty()) group.cancel("the journal has failed");
}

Task<> FetchRun::end_in_time(TaskGroup& group) {
  co_await sleep(*options_.max_time);
  early_end_ = "--max-time is up";
  group.cancel(early_end_);
}

Task<> FetchRun::end_on_failure(TaskGroup& group) {
  co_await has_failed_.acquire();
  early_end_ = "--fail-early: a transfer has failed";
  group.cancel(early_end_);
}

void FetchRun::close() {
  if (!source_->problem().empty()) throw Error(source_->problem());
  source_->close();
}

Task<> FetchRun::fetch_all(const http::ClientSession& session) {
  co_await with_task_group([this, &session](TaskGroup& group) {
    current_.assign(worker_count(), nullptr);
    for (const Transfer*& current : current_) group.spawn(work(session, current));
    return read_input();
  });
}

Task<> FetchRun::read_input() {
  try {
    while (true) {
      auto job = co_await source_->next();
      if (!job) break;
      sole_.count_one();
      const bool is_taken = queue_.try_push(job);
      if (!is_taken) co_await queue_.push(std::move(job));
    }
  } catch (const OsError& error) {
    input_problem_ = error.what();
  }
  sole_.end();
  queue_.close();
}

Task<> FetchRun::work(const http::ClientSession& session, const Transfer*& current) {
  proto::Sha256 hash;
  while (true) {
    auto taken = queue_.try_take();
    if (!taken) taken = co_await queue_.take();
    if (!taken) co_return;
    const HostOutcome outcome = co_await fetch_one(session, *taken, hash, current);
    queue_.finished(*taken->host, outcome);
  }
}

Task<HostOutcome> FetchRun::fetch_one(const http::ClientSession& session,
                                      const HostQueues::Taken& taken, proto::Sha256& hash,
                                      const Transfer*& current) {
  const Job& job = *taken.job;
  Transfer transfer(context_, session, job, hash);
  const CurrentPlace place(current, transfer);
  bool was_cancelled = false;
  tally_.start();
  try {
    if (taken.is_dead) {
      transfer.skip();
    } else {
      co_await transfer.run();
    }
    if (job.number == 1 && is_plain(options_)) co_await sole_.wait();
  } catch (const Cancelled&) {
    was_cancelled = true;
    transfer.cancelled();
  }
  const HostOutcome outcome = transfer.host_outcome();
  if (options_.fail_early && transfer.has_failed()) has_failed_.release();
  source_->finish(transfer.take());
  if (was_cancelled) throw Cancelled();
  if (!source_->has_room()) co_await source_->wait_for_room();
  if (output_.is_full()) co_await output_.drain(StandardOutput::kHighWater / 2);
  co_return outcome;
}

void FetchRun::load_cookies(http::ClientSession& session) const {
  proto::CookieJar* jar = session.cookie_jar();
  if (jar == nullptr) return;
  for (const proto::Cookie& cookie : cookies_) {
    // What a header cannot carry is left behind.
    jar->add(cookie, std::chrono::system_clock::now());
  }
}

void FetchRun::save_cookies(http::ClientSession& session) {
  if (proto::CookieJar* jar = session.cookie_jar()) {
    cookies_ = jar->cookies(std::chrono::system_clock::now());
  }
}

bool FetchRun::shows_progress() const noexcept {
  const bool prints = options_.json_lines || options_.output.empty();
  const bool would_mix = prints && ::isatty(STDOUT_FILENO) == 1;
  return options_.progress && !options_.quiet && console_.is_live() && !would_mix;
}

std::size_t FetchRun::worker_count() const noexcept {
  if (journal_ || !options_.input.empty()) return options_.concurrency;
  return std::min(options_.concurrency, options_.urls.size());
}

}  // namespace rondo::cli
