// An admission is an object: whichever way a request ends, its breaker is told.

#include "rondo/http/circuit_breaker_middleware.hpp"

#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "rondo/http/errors.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/http/policy_trace.hpp"
#include "rondo/http/transient.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::http {
namespace {

using proto::CircuitBreaker;

/// A request that was let through; unless something else is said, it has proved nothing.
class Passage {
 public:
  Passage(CircuitBreaker& breaker, const CircuitBreaker::Admission& admission) noexcept
      : breaker_(breaker), admission_(admission) {}
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;
  ~Passage() {
    if (!is_told_) breaker_.abandoned(admission_);
  }

  void tell(bool has_failed, Clock::time_point now) noexcept {
    is_told_ = true;
    if (has_failed) {
      breaker_.failed(admission_, now);
    } else {
      breaker_.succeeded(admission_);
    }
  }

 private:
  CircuitBreaker& breaker_;
  CircuitBreaker::Admission admission_;
  bool is_told_ = false;
};

class Breakers {
 public:
  explicit Breakers(CircuitBreakerOptions options) : options_(std::move(options)) {}

  Task<Response> run(Request& request, Next next) {
    const EventLoop& loop = get_running_loop();
    CircuitBreaker& breaker = breaker_for(request);
    const auto admission = breaker.admit(loop.now());
    if (!admission.is_admitted) refuse(request, admission);
    Passage passage(breaker, admission);
    try {
      Response response = co_await next(request);
      const bool has_failed =
          options_.is_failure ? options_.is_failure(response) : response.status() >= 500;
      tell(request, breaker, passage, has_failed);
      co_return response;
    } catch (const ClientError& error) {
      if (is_transient(error)) tell(request, breaker, passage, true);
      throw;
    }
  }

 private:
  [[noreturn]] static void refuse(const Request& request,
                                  const CircuitBreaker::Admission& admission) {
    const double seconds = std::chrono::duration<double>(admission.retry_in).count();
    const std::string reason =
        seconds > 0 ? fmt::format("the host has failed too often: not tried for {:.3f} s", seconds)
                    : "the host has failed too often: another request is trying it";
    tell_policy(request, "circuit breaker", [&]() -> const std::string& { return reason; });
    throw CircuitOpenError({request.url.without_credentials(), Phase::plan}, reason);
  }

  static void tell(const Request& request, const CircuitBreaker& breaker, Passage& passage,
                   bool has_failed) {
    const auto before = breaker.state();
    passage.tell(has_failed, get_running_loop().now());
    if (breaker.state() == before) return;
    const bool is_open = breaker.state() == CircuitBreaker::State::open;
    tell_policy(request, "circuit breaker", [&] { return is_open ? "open" : "closed"; });
  }

  // Breakers stay: an open one must not be forgotten, and a host costs no more than its name.
  CircuitBreaker& breaker_for(const Request& request) {
    return breakers_.try_emplace(request.url.origin(), options_.breaker).first->second;
  }

  CircuitBreakerOptions options_;
  std::map<std::string, CircuitBreaker> breakers_;
};

}  // namespace

Middleware circuit_breaker_middleware(CircuitBreakerOptions options) {
  auto breakers = std::make_shared<Breakers>(std::move(options));
  return [breakers = std::move(breakers)](Request& request, Next next) {
    return breakers->run(request, next);
  };
}

}  // namespace rondo::http
