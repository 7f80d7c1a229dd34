// An attempt ends in one of three ways: an answer whose body was delivered, an error, or a delay
// after which there is another attempt. Which one is decided before any of the body is delivered,
// as far as the status can tell; a body that is cut later can still be fetched again, unless some
// of it has gone to standard output.

#include "cli/transfer.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/http/digest_auth_middleware.hpp"
#include "rondo/http/transient.hpp"
#include "rondo/proto/retry.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

#include "cli/disk_error.hpp"
#include "cli/request_parts.hpp"

namespace rondo::cli {
namespace {

/// The body is not the one that the input wants.
class ChecksumError : public Error {
 public:
  using Error::Error;
};

double seconds_of(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Transfer::Transfer(TransferContext& context, const http::ClientSession& session, const Job& job,
                   proto::Sha256& hash)
    : context_(context),
      session_(session),
      job_(job),
      hash_(hash),
      trace_(result_, job.number,
             {.keep_headers = context.options.json_lines,
              .keep_hops = !context.options.har.empty(),
              .verbosity = context.options.verbosity},
             context.console, context.pacer),
      file_(context, job, hash) {
  result_.url = job.url;
  result_.number = job.number;
  result_.begun = get_running_loop().now();
}

unsigned Transfer::attempts() const noexcept {
  return (job_.earlier ? job_.earlier->attempts : 0) + result_.attempts;
}

bool Transfer::hashes() const noexcept {
  return context_.options.json_lines || context_.keeper != nullptr || !job_.sha256.empty() ||
         context_.naming.waits_for_answer();
}

Task<> Transfer::run() {
  if (!job_.problem.empty()) {
    refuse();
    co_return;
  }
  if (context_.options.skip_existing) {
    const bool is_there = co_await needs_nothing();
    if (is_there) co_return;
  }
  if (context_.options.if_modified) take_over_condition();
  if (context_.pacer) co_await context_.pacer.wait();
  result_.begun = get_running_loop().now();
  while (true) {
    const Delay delay = co_await attempt();
    if (!delay) break;
    trace_.note(fmt::format("trying again in {:.3f} s", seconds_of(*delay)));
    co_await sleep(*delay);
    if (context_.pacer) co_await context_.pacer.wait();
  }
  result_.total = get_running_loop().now() - result_.begun;
}

/// What cannot be looked at is fetched, and then its error is the transfer's.
Task<bool> Transfer::needs_nothing() {
  try {
    const bool is_there = co_await has_copy(*context_.directory, job_);
    if (!is_there) co_return false;
  } catch (const OsError&) {
    co_return false;
  }
  begin_attempt();
  result_.attempts = 0;
  result_.unfetched = Unfetched::exists;
  result_.saved_to = context_.directory->path_of(job_.output);
  co_return true;
}

void Transfer::take_over_condition() {
  if (!can_be_halved(parts_of(job_, context_.options))) return;
  try {
    condition_ = condition_of(*context_.directory, job_);
  } catch (const OsError&) {
    // It is fetched, and then its error is the transfer's.
  }
}

FinishedTransfer Transfer::take() {
  if (!was_cancelled_ && file_.has_half()) file_.drop_half();
  EarlierRuns left = file_.left(attempts());
  const bool was_asked_for_nothing =
      was_cancelled_ && !condition_.empty() && left.half.empty() && !file_.has_half();
  return {.result = std::move(result_),
          .file = file_.take_file(),
          .wanted_name = file_.take_name(),
          .was_cancelled = was_cancelled_,
          .may_be_repeated = proto::is_idempotent(parts_of(job_, context_.options).method),
          .attempts = left.attempts,
          .validators = was_cancelled_ ? std::move(left.half) : std::move(of_answer_),
          .pieces = was_cancelled_ ? std::move(left.pieces) : "",
          .is_unchanged = was_asked_for_nothing || result_.unfetched == Unfetched::not_modified};
}

void Transfer::skip() {
  begin_attempt();
  result_.attempts = 0;
  result_.error = {ErrorKind::connect, "ClientConnectorError", "connect",
                   "the host is down: too many connections have failed in a row, so this one was "
                   "not tried"};
}

HostOutcome Transfer::host_outcome() const noexcept {
  const auto& error = result_.error;
  const bool was_reached = result_.status != 0;
  const bool failed_to_connect =
      error && (error->kind == ErrorKind::connect || error->kind == ErrorKind::resolve ||
                error->kind == ErrorKind::tls ||
                (error->kind == ErrorKind::timeout && error->phase != "receive" &&
                 error->phase != "wait" && error->phase != "queue"));
  const bool is_busy = result_.status == 429 || result_.status == 503;
  const bool has_broken_off =
      error && (error->kind == ErrorKind::timeout || error->kind == ErrorKind::disconnected);
  return {.was_unreachable = !was_reached && failed_to_connect,
          .had_trouble = is_busy || failed_to_connect || has_broken_off,
          .latency = result_.total};
}

void Transfer::cancelled() {
  was_cancelled_ = true;
  file_.leave();
  trace_.failed();
  end_body();
  result_.saved_to.clear();
  result_.error = {ErrorKind::cancelled, "Cancelled", "", "interrupted"};
  result_.total = get_running_loop().now() - result_.begun;
}

void Transfer::refuse() {
  begin_attempt();
  result_.error = {ErrorKind::url, "InvalidRequest", "plan", job_.problem};
}

void Transfer::begin_attempt() {
  ++result_.attempts;
  result_.method = parts_of(job_, context_.options).method;
  result_.final_url.clear();
  result_.remote.clear();
  result_.status = 0;
  result_.headers.clear();
  result_.redirects.clear();
  result_.error.reset();
  result_.body_bytes = 0;
  result_.body_sha256.clear();
  result_.body.reset();
  result_.saved_to.clear();
  file_.begin_attempt();
  is_refused_ = false;
}

Task<Transfer::Delay> Transfer::attempt() {
  begin_attempt();
  Delay delay;
  try {
    delay = co_await exchange();
  } catch (const http::ClientError& error) {
    fail(error);
    delay = delay_of_error(error);
  } catch (const OsError& error) {
    fail_output(error);
    delay = delay_of_output(error);
  } catch (const ChecksumError& error) {
    file_.give_up_half();
    result_.saved_to.clear();
    result_.error = {ErrorKind::checksum, "ChecksumError", "receive", error.what()};
  }
  file_.leave();
  co_return delay;
}

Task<Transfer::Delay> Transfer::exchange() {
  if (file_.has_half()) {
    co_await file_.reopen_half(can_be_halved(parts_of(job_, context_.options)));
  }
  const std::optional<RangeFields> range = file_.range();
  http::Response response = co_await send(range ? &*range : nullptr, &trace_);
  if (file_.lacks_other_half(response)) {
    trace_.answered(response.timings());
    file_.give_up_half();
    co_return Clock::duration::zero();
  }
  Delay delay;
  try {
    delay = delay_of_status(response);
    if (!delay) co_await receive(response);
  } catch (...) {
    trace_.answered(response.timings());
    throw;
  }
  trace_.answered(response.timings());
  if (is_refused_) {
    file_.give_up_half();
    co_return Clock::duration::zero();
  }
  co_return delay;
}

Task<http::Response> Transfer::send(const RangeFields* range, http::RequestTrace* trace) {
  RequestParts parts = parts_of(job_, context_.options);
  if (range != nullptr) {
    range->add_to(parts);
  } else {
    condition_.add_to(parts);
  }
  http::ClientTimeout limits = context_.options.timeout;
  limits.total = time_left();
  if (limits.total && *limits.total <= Clock::duration::zero()) {
    throw http::ServerTimeoutError({"", http::Phase::queue}, "no time is left for this try");
  }
  const FetchOptions& options = context_.options;
  if (options.digest && middlewares_.empty()) {
    middlewares_.push_back(http::digest_auth_middleware(
        {.origin = job_.url, .user = options.user, .password = options.password}));
  }
  http::RequestBody form;
  if (parts.has_form) form = options.form.body();
  return session_.request(parts.method, job_.url,
                          {.headers = parts.headers,
                           .data = parts.has_form ? http::BodyOption(form) : parts.body,
                           .timeout = limits,
                           .max_redirects = options.max_redirects,
                           .trace = trace,
                           .middlewares = middlewares_.empty() ? nullptr : &middlewares_});
}

Task<bool> Transfer::goes_to_standard_output() {
  co_await context_.sole.wait();
  co_return *context_.sole.answer();
}

Task<> Transfer::receive(http::Response& response) {
  if (context_.options.fail) response.raise_for_status();
  if (response.status() == 304 && !condition_.empty()) {
    result_.unfetched = Unfetched::not_modified;
    result_.saved_to = context_.directory->path_of(job_.output);
    co_return;
  }
  if (job_.number <= 1 && is_plain(context_.options)) {
    writes_body_ = co_await goes_to_standard_output();
  }
  if (context_.keeper != nullptr) note_answer(response);
  if (context_.directory != nullptr) result_.body_bytes = file_.open(response);
  if (context_.options.include_body) result_.body.emplace();
  if (file_.pieces() != nullptr || can_divide(response)) {
    co_await receive_pieces(response);
    if (is_refused_) co_return;
  } else {
    co_await receive_stream(response);
  }
  end_body();
  verify();
  if (file_.is_open()) result_.saved_to = file_.end(response, result_.body_sha256);
}

Task<> Transfer::receive_stream(http::Response& response) {
  while (true) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) co_return;
    deliver(piece);
    if (context_.keeper != nullptr && !file_.is_noted()) note_half(response);
    if (context_.bandwidth) co_await context_.bandwidth.take(piece.size());
    if (writes_body_ && context_.output.is_full()) {
      co_await context_.output.drain(StandardOutput::kHighWater / 2);
    }
  }
}

void Transfer::note_answer(const http::Response& response) {
  of_answer_.etag = response.headers().get("ETag").value_or("");
  of_answer_.last_modified = response.headers().get("Last-Modified").value_or("");
}

/// Once the body has not come in one piece.
void Transfer::note_half(const http::Response& response) {
  const bool is_useful = file_.is_open() && !file_.validators().empty() &&
                         can_be_halved(parts_of(job_, context_.options));
  if (!is_useful) return;
  const auto length = response.content_length();
  if (length && file_.half() + *length <= result_.body_bytes) return;
  file_.note_half(attempts());
}

void Transfer::require_size(std::uint64_t bytes) const {
  const auto limit = context_.options.max_body;
  if (!limit || bytes <= *limit) return;
  throw http::ResponseTooLarge({result_.final_url, http::Phase::receive},
                               fmt::format("the body is larger than {} bytes", *limit));
}

void Transfer::deliver(std::string_view piece) {
  require_size(result_.body_bytes + piece.size());
  result_.body_bytes += piece.size();
  if (hashes()) hash_.update(piece);
  if (result_.body) result_.body->append(piece);
  if (file_.is_open()) file_.write(piece);
  if (writes_body_) context_.output.write_body(piece);
}

void Transfer::end_body() {
  const bool has_head = result_.status != 0;
  if (file_.half() > 0 && !has_head) static_cast<void>(hash_.finish());
  if (hashes() && has_head) result_.body_sha256 = hash_.finish_hex();
}

void Transfer::verify() const {
  if (job_.sha256.empty() || job_.sha256 == result_.body_sha256) return;
  throw ChecksumError(fmt::format("the body has the SHA-256 {}, and not {} as the input says",
                                  result_.body_sha256, job_.sha256));
}

void Transfer::fail(const http::ClientError& error) {
  trace_.failed(error.phase());
  end_body();
  result_.error = describe(error);
}

void Transfer::fail_output(const Error& error) {
  trace_.failed();
  end_body();
  result_.saved_to.clear();
  result_.error = {ErrorKind::io, "OsError", "receive", error.what()};
}

Transfer::Delay Transfer::delay_of_status(const http::Response& response) {
  if (!proto::is_transient_status(response.status())) return std::nullopt;
  std::optional<Clock::duration> retry_after;
  if (const auto value = response.headers().get("Retry-After")) {
    retry_after = proto::parse_retry_after(*value, std::chrono::system_clock::now());
  }
  return delay_of_retry(retry_after);
}

Transfer::Delay Transfer::delay_of_error(const http::ClientError& error) {
  const bool has_shown_some = writes_body_ && result_.body_bytes > 0;
  if (!http::is_transient(error) || has_shown_some) return std::nullopt;
  return delay_of_retry(std::nullopt);
}

Transfer::Delay Transfer::delay_of_output(const OsError& error) {
  const bool has_shown_some = writes_body_ && result_.body_bytes > 0;
  if (!may_pass(error.code()) || has_shown_some) return std::nullopt;
  return delay_of_retry(std::nullopt);
}

Transfer::Delay Transfer::delay_of_retry(std::optional<Clock::duration> retry_after) {
  if (!proto::is_idempotent(parts_of(job_, context_.options).method)) return std::nullopt;
  const auto left = time_left();
  if (left && context_.pacer.ahead(get_running_loop().now()) >= *left) return std::nullopt;
  return context_.retries.delay_after(
      {.number = result_.attempts, .retry_after = retry_after, .time_left = left});
}

Transfer::Delay Transfer::time_left() const {
  const auto total = context_.options.timeout.total;
  if (!total) return std::nullopt;
  return result_.begun + *total - get_running_loop().now();
}

}  // namespace rondo::cli
