// An attempt ends in one of three ways: an answer whose body was delivered, an error, or a delay
// after which there is another attempt. Which one is decided before any of the body is delivered,
// as far as the status can tell; a body that is cut later can still be fetched again, unless some
// of it has gone to standard output.

#include "cli/transfer.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "rondo/http/digest_auth_middleware.hpp"
#include "rondo/http/transient.hpp"
#include "rondo/proto/retry.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/to_thread.hpp"

#include "cli/half_body.hpp"
#include "cli/request_parts.hpp"

namespace rondo::cli {
namespace {

/// Whether that error of the disk may be gone in a while: somebody may make room, or give leave.
bool may_pass(int code) noexcept {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EACCES:
    case EPERM:
    case EROFS:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

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
             {.keep_headers = context.options.json_lines, .verbosity = context.options.verbosity},
             context.console, context.pacer) {
  result_.url = job.url;
  result_.number = job.number;
  if (job.earlier && context.keeper != nullptr && context.directory != nullptr) {
    has_half_ = true;
    validators_ = job.earlier->half;
  }
  begun_ = get_running_loop().now();
}

Task<> Transfer::run() {
  if (!job_.problem.empty()) {
    refuse();
    co_return;
  }
  co_await context_.pacer.wait();
  begun_ = get_running_loop().now();
  while (true) {
    const Delay delay = co_await attempt();
    if (!delay) break;
    trace_.note(fmt::format("trying again in {:.3f} s", seconds_of(*delay)));
    co_await sleep(*delay);
    co_await context_.pacer.wait();
  }
  result_.total = get_running_loop().now() - begun_;
}

FinishedTransfer Transfer::take() {
  const unsigned earlier = job_.earlier ? job_.earlier->attempts : 0;
  if (!was_cancelled_ && has_half_) drop_half();
  return {.result = std::move(result_),
          .file = std::move(file_),
          .was_cancelled = was_cancelled_,
          .attempts = earlier + result_.attempts,
          .validators = was_cancelled_ ? std::move(validators_) : std::move(of_answer_)};
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
  leave_file();
  trace_.failed();
  end_body();
  result_.saved_to.clear();
  result_.error = {ErrorKind::cancelled, "Cancelled", "", "interrupted"};
  result_.total = get_running_loop().now() - begun_;
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
  half_ = 0;
  is_whole_ = false;
  is_noted_ = false;
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
  }
  leave_file();
  co_return delay;
}

/// A file that is whole stays open for the keeper; half of one stays under its temporary name.
void Transfer::leave_file() noexcept {
  if (!file_ || is_whole_) return;
  if (context_.keeper != nullptr && !validators_.empty()) {
    has_half_ = true;
    file_->keep();
  }
  file_.reset();
}

void Transfer::drop_half() {
  has_half_ = false;
  validators_ = {};
  try {
    // Opened once more, it is removed with the object.
    static_cast<void>(context_.directory->reopen(job_.output, job_.number));
  } catch (const Error&) {
    // It cannot be reached, no more than it could be written.
  }
}

/// What is there is hashed on a worker thread: it may be large.
Task<> Transfer::reopen_half() {
  half_ = 0;
  if (!has_half_) co_return;
  const bool is_useful = !validators_.empty() && can_be_halved(parts_of(job_, context_.options));
  if (is_useful) {
    auto left = context_.directory->reopen(job_.output, job_.number);
    if (left) file_.emplace(std::move(*left));
  }
  if (file_) half_ = file_->size();
  if (half_ == 0) {
    if (file_) file_.reset();
    drop_half();
    co_return;
  }
  has_half_ = false;  // it is open
  co_await to_thread([this] { file_->read_back([this](auto piece) { hash_.update(piece); }); });
}

Task<Transfer::Delay> Transfer::exchange() {
  if (has_half_) co_await reopen_half();
  http::Response response = co_await send();
  if (lacks_other_half(response)) {
    trace_.answered(response.timings());
    static_cast<void>(hash_.finish());
    validators_ = {};  // so that it is not kept
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
  co_return delay;
}

Task<http::Response> Transfer::send() {
  RequestParts parts = parts_of(job_, context_.options);
  std::optional<RangeFields> range;
  if (half_ > 0) range.emplace(half_, validators_).add_to(parts);
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
                           .trace = &trace_,
                           .middlewares = middlewares_.empty() ? nullptr : &middlewares_});
}

Task<bool> Transfer::goes_to_standard_output() {
  if (job_.number > 1 || !is_plain(context_.options)) co_return false;
  co_await context_.sole.wait();
  co_return *context_.sole.answer();
}

Task<> Transfer::receive(http::Response& response) {
  if (context_.options.fail) response.raise_for_status();
  writes_body_ = co_await goes_to_standard_output();
  if (context_.keeper != nullptr) note_answer(response);
  if (context_.directory != nullptr) open_file(response);
  if (context_.options.include_body) result_.body.emplace();
  while (true) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) break;
    deliver(piece);
    if (context_.keeper != nullptr && !is_noted_) note_half(response);
    if (context_.bandwidth) co_await context_.bandwidth.take(piece.size());
    if (writes_body_ && context_.output.is_full()) {
      co_await context_.output.drain(StandardOutput::kHighWater / 2);
    }
  }
  end_body();
  if (file_) end_file();
}

void Transfer::note_answer(const http::Response& response) {
  of_answer_.etag = response.headers().get("ETag").value_or("");
  of_answer_.last_modified = response.headers().get("Last-Modified").value_or("");
}

/// Goes on with the half file, or starts it anew.
void Transfer::open_file(const http::Response& response) {
  const bool goes_on =
      half_ > 0 && is_other_half(response.status(), response.headers(), half_, validators_);
  if (context_.keeper == nullptr) {
    file_.emplace(context_.directory->create(job_.output));
    return;
  }
  validators_ = validators_of(response.status(), response.headers());
  if (goes_on) {
    result_.body_bytes = half_;
    return;
  }
  if (half_ > 0) {
    static_cast<void>(hash_.finish());
    file_->keep();
  }
  file_.reset();
  file_.emplace(context_.directory->create(job_.output, job_.number));
}

/// Once the body has not come in one piece.
void Transfer::note_half(const http::Response& response) {
  if (!file_ || validators_.empty() || !can_be_halved(parts_of(job_, context_.options))) return;
  const auto length = response.content_length();
  if (length && half_ + *length <= result_.body_bytes) return;
  is_noted_ = true;
  const unsigned earlier = job_.earlier ? job_.earlier->attempts : 0;
  context_.keeper->note_half(job_.number, {earlier + result_.attempts, validators_});
}

void Transfer::end_file() {
  result_.saved_to = context_.directory->path_of(job_.output);
  if (context_.keeper != nullptr) {
    is_whole_ = true;
    return;
  }
  file_->commit();
  file_.reset();
}

/// Whether the server has something else than the other half where only that will do.
bool Transfer::lacks_other_half(const http::Response& response) const {
  if (half_ == 0) return false;
  const int status = response.status();
  if (status == 416) return true;
  return status == 206 && !is_other_half(status, response.headers(), half_, validators_);
}

void Transfer::deliver(std::string_view piece) {
  const auto limit = context_.options.max_body;
  if (limit && piece.size() > *limit - result_.body_bytes) {
    throw http::ResponseTooLarge({result_.final_url, http::Phase::receive},
                                 fmt::format("the body is larger than {} bytes", *limit));
  }
  result_.body_bytes += piece.size();
  if (hashes()) hash_.update(piece);
  if (result_.body) result_.body->append(piece);
  if (file_) file_->write(piece);
  if (writes_body_) context_.output.write(piece);
}

void Transfer::end_body() {
  const bool has_head = result_.status != 0;
  if (half_ > 0 && !has_head) static_cast<void>(hash_.finish());
  if (hashes() && has_head) result_.body_sha256 = hash_.finish_hex();
}

void Transfer::fail(const http::ClientError& error) {
  trace_.failed();
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
  return begun_ + *total - get_running_loop().now();
}

}  // namespace rondo::cli
