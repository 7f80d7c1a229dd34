// Whoever is first holds the lock while it waits for its start, and takes the start only then: so
// the order is that of the lock's queue, and nothing is lost with a waiter that is cancelled.

#include "rondo/http/rate_limit_middleware.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "rondo/http/middleware.hpp"
#include "rondo/http/policy_trace.hpp"
#include "rondo/proto/rate_limit.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/lock.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::http {
namespace {

class Gate {
 public:
  Gate(Clock::duration interval, std::uint32_t burst) noexcept : limit_(interval, burst) {}

  Task<> pass(const Request& request) {
    const EventLoop& loop = get_running_loop();
    auto turn = co_await turn_.acquire();
    const auto ahead = limit_.ahead(loop.now());
    if (ahead > Clock::duration::zero()) {
      tell_policy(request, "rate limit", [&] {
        return fmt::format("starts in {:.3f} s", std::chrono::duration<double>(ahead).count());
      });
      co_await sleep(ahead);
    }
    limit_.reserve(loop.now());
  }

  /// Whether a new gate would do as well.
  [[nodiscard]] bool is_idle(Clock::time_point now) const noexcept {
    return !turn_.locked() && limit_.is_idle(now);
  }

 private:
  proto::RateLimit limit_;
  Lock turn_;
};

class Gates {
 public:
  explicit Gates(const RateLimitOptions& options)
      : interval_(std::chrono::duration_cast<Clock::duration>(
            std::chrono::duration<double>(1 / options.per_second))),
        options_(options) {}

  Task<Response> run(Request& request, Next next) {
    const std::shared_ptr<Gate> gate = gate_for(request);
    co_await gate->pass(request);
    co_return co_await next(request);
  }

 private:
  std::shared_ptr<Gate> gate_for(const Request& request) {
    const std::string key = options_.per_host ? request.url.origin() : std::string();
    std::shared_ptr<Gate>& gate = gates_[key];
    if (gate) return gate;
    gate = std::make_shared<Gate>(interval_, options_.burst);
    std::shared_ptr<Gate> made = gate;
    if (gates_.size() > limit_) forget_idle();
    return made;
  }

  // Doubling keeps the cost of looking through all of them constant for each new host.
  void forget_idle() {
    const auto now = get_running_loop().now();
    std::erase_if(gates_, [&](const auto& each) {
      return each.second.use_count() == 1 && each.second->is_idle(now);
    });
    limit_ = std::max<std::size_t>(limit_, 2 * gates_.size());
  }

  Clock::duration interval_;
  RateLimitOptions options_;
  std::map<std::string, std::shared_ptr<Gate>> gates_;
  std::size_t limit_ = 1000;
};

}  // namespace

Middleware rate_limit_middleware(const RateLimitOptions& options) {
  if (!(options.per_second > 0)) return [](Request& request, Next next) { return next(request); };
  return [gates = std::make_shared<Gates>(options)](Request& request, Next next) {
    return gates->run(request, next);
  };
}

}  // namespace rondo::http
