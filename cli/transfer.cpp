// An attempt ends in one of three ways: an answer whose body was delivered, an error, or a delay
// after which there is another attempt. Which one is decided before any of the body is delivered,
// as far as the status can tell; a body that is cut later can still be fetched again, unless some
// of it has gone to standard output.

#include "cli/transfer.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

#include "cli/request_parts.hpp"

namespace rondo::cli {
namespace {

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

void Transfer::cancelled() {
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
  }
  file_.reset();
  co_return delay;
}

Task<Transfer::Delay> Transfer::exchange() {
  http::Response response = co_await send();
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
  const RequestParts parts = parts_of(job_, context_.options);
  http::ClientTimeout limits = context_.options.timeout;
  limits.total = time_left();
  if (limits.total && *limits.total <= Clock::duration::zero()) {
    throw http::ServerTimeoutError({"", http::Phase::queue}, "no time is left for this try");
  }
  return session_.request(parts.method, job_.url,
                          {.headers = parts.headers,
                           .data = parts.body,
                           .timeout = limits,
                           .max_redirects = context_.options.max_redirects,
                           .trace = &trace_});
}

Task<bool> Transfer::goes_to_standard_output() {
  if (job_.number > 1 || !is_plain(context_.options)) co_return false;
  co_await context_.sole.wait();
  co_return *context_.sole.answer();
}

Task<> Transfer::receive(http::Response& response) {
  if (context_.options.fail) response.raise_for_status();
  writes_body_ = co_await goes_to_standard_output();
  if (context_.directory != nullptr) file_.emplace(context_.directory->create(job_.output));
  if (context_.options.include_body) result_.body.emplace();
  while (true) {
    const std::string_view piece = co_await response.read_any();
    if (piece.empty()) break;
    deliver(piece);
    if (writes_body_ && context_.output.is_full()) {
      co_await context_.output.drain(StandardOutput::kHighWater / 2);
    }
  }
  end_body();
  if (file_) {
    file_->commit();
    result_.saved_to = context_.directory->path_of(job_.output);
  }
}

void Transfer::deliver(std::string_view piece) {
  const auto limit = context_.options.max_body;
  if (limit && piece.size() > *limit - result_.body_bytes) {
    throw http::ResponseTooLarge({result_.final_url, http::Phase::receive},
                                 fmt::format("the body is larger than {} bytes", *limit));
  }
  result_.body_bytes += piece.size();
  if (context_.options.json_lines) hash_.update(piece);
  if (result_.body) result_.body->append(piece);
  if (file_) file_->write(piece);
  if (writes_body_) context_.output.write(piece);
}

void Transfer::end_body() {
  const bool has_head = result_.status != 0;
  if (context_.options.json_lines && has_head) result_.body_sha256 = hash_.finish_hex();
}

void Transfer::fail(const http::ClientError& error) {
  trace_.failed();
  end_body();
  result_.error = describe(error);
}

void Transfer::fail_output(const Error& error) {
  trace_.failed();
  end_body();
  result_.error = {ErrorKind::io, "OsError", "receive", error.what()};
}

Transfer::Delay Transfer::delay_of_status(const http::Response& response) {
  if (!is_transient_status(response.status())) return std::nullopt;
  std::optional<Clock::duration> retry_after;
  if (const auto value = response.headers().get("Retry-After")) {
    retry_after = parse_retry_after(*value, std::chrono::system_clock::now());
  }
  return delay_of_retry(retry_after);
}

Transfer::Delay Transfer::delay_of_error(const http::ClientError& error) {
  const bool has_shown_some = writes_body_ && result_.body_bytes > 0;
  if (!is_transient(error) || has_shown_some) return std::nullopt;
  return delay_of_retry(std::nullopt);
}

Transfer::Delay Transfer::delay_of_retry(std::optional<Clock::duration> retry_after) {
  if (!is_repeatable(parts_of(job_, context_.options).method)) return std::nullopt;
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
