// A try ends with an answer or an error; both are judged, and either there is a pause and another
// try, or they are the outcome. The answer that is not wanted is dropped before the pause, so that
// nobody waits for its connection.

#include "rondo/http/retry_middleware.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "rondo/http/middleware.hpp"
#include "rondo/http/policy_trace.hpp"
#include "rondo/http/transient.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::http {
namespace {

/// How one try has ended.
struct Try {
  std::optional<Response> response = {};
  std::exception_ptr error = {};  ///< set if there is no response
  std::string reason = {};        ///< why there should be another one; empty: there should not
};

class Retry {
 public:
  explicit Retry(RetryOptions options)
      : options_(std::move(options)), random_(std::random_device()()) {
    if (options_.budget) budget_.emplace(*options_.budget);
  }

  Task<Response> run(Request& request, Next next) {
    const EventLoop& loop = get_running_loop();
    const auto begun = loop.now();
    if (budget_) budget_->deposit(begun);
    for (proto::FailedTry failed;; ++failed.number) {
      Try tried = co_await attempt(request, next);
      std::optional<Clock::duration> pause;
      if (request.timeout.total) failed.time_left = begun + *request.timeout.total - loop.now();
      if (!tried.reason.empty()) pause = pause_behind(tried, failed, loop.now());
      if (!pause) co_return outcome(std::move(tried));
      tell_policy(request, "retry", [&] {
        return fmt::format("{}: again in {:.3f} s", tried.reason,
                           std::chrono::duration<double>(*pause).count());
      });
      tried.response.reset();
      co_await sleep(*pause);
    }
  }

 private:
  Task<Try> attempt(const Request& original, Next next) {
    Request request = original;
    Try tried;
    try {
      tried.response.emplace(co_await next(request));
      if (is_wanted(original, *tried.response)) {
        tried.reason = fmt::format("status {}", tried.response->status());
      }
    } catch (const ClientError& error) {
      tried.error = std::current_exception();
      if (is_wanted(original, error)) tried.reason = class_name(error);
    }
    const bool may_repeat = options_.any_method || proto::is_idempotent(original.method);
    if (!may_repeat || !original.is_replayable()) tried.reason.clear();
    co_return tried;
  }

  [[nodiscard]] bool is_wanted(const Request& request, const Response& response) const {
    return options_.retry_response ? options_.retry_response(request, response)
                                   : proto::is_transient_status(response.status());
  }

  [[nodiscard]] bool is_wanted(const Request& request, const ClientError& error) const {
    return options_.retry_error ? options_.retry_error(request, error) : is_transient(error);
  }

  std::optional<Clock::duration> pause_behind(const Try& tried, proto::FailedTry failed,
                                              Clock::time_point now) {
    if (tried.response) {
      if (const auto value = tried.response->headers().get("Retry-After")) {
        failed.retry_after = proto::parse_retry_after(*value, std::chrono::system_clock::now());
      }
    }
    const auto pause = proto::retry_delay(options_.backoff, failed, random_());
    // The token is taken last: what is not sent costs nothing.
    if (pause && budget_ && !budget_->withdraw(now)) return std::nullopt;
    return pause;
  }

  static Response outcome(Try tried) {
    if (tried.error) std::rethrow_exception(tried.error);
    return std::move(*tried.response);
  }

  RetryOptions options_;
  std::optional<proto::RetryBudget> budget_;
  std::mt19937_64 random_;
};

}  // namespace

Middleware retry_middleware(RetryOptions options) {
  return [retry = std::make_shared<Retry>(std::move(options))](Request& request, Next next) {
    return retry->run(request, next);
  };
}

}  // namespace rondo::http
