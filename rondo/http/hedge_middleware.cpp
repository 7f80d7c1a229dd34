// Both requests are children of one group, which leaves with the first answer and takes the other
// request down with it.

#include "rondo/http/hedge_middleware.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "rondo/http/errors.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/http/policy_trace.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/runtime/wait.hpp"

namespace rondo::http {
namespace {

/// Where one of the two requests leaves how it has ended.
struct Runner {
  explicit Runner(const Request& original) : request(original) {}

  Request request;
  std::optional<Response> response = {};
  std::exception_ptr error = {};

  [[nodiscard]] bool has_ended() const noexcept { return response || error; }
};

Task<> run_one(Runner& runner, Next next) {
  try {
    runner.response.emplace(co_await next(runner.request));
  } catch (const ClientError&) {
    runner.error = std::current_exception();
  }
}

class Hedge {
 public:
  explicit Hedge(const HedgeOptions& options) : delay_(options.delay), budget_(options.budget) {}

  Task<Response> run(Request& request, Next next) {
    const EventLoop& loop = get_running_loop();
    const bool may_be_sent_twice =
        proto::is_idempotent(request.method) && request.body.stream() == nullptr;
    if (!may_be_sent_twice) co_return co_await next(request);
    const auto begun = loop.now();
    budget_.deposit(begun);
    Runner first(request);
    Runner second(request);
    second.request.trace = nullptr;
    co_await race(request, first, second, next);
    // The first to be sent is preferred when both have come in one turn.
    Runner& winner = first.response ? first : second;
    if (!winner.response) std::rethrow_exception(first.error ? first.error : second.error);
    if (&winner == &second) {
      tell_policy(request, "hedge", [] { return "the second request was answered first"; });
    }
    delay_.record(loop.now() - begun);
    co_return std::move(*winner.response);
  }

 private:
  Task<> race(const Request& request, Runner& first, Runner& second, Next next) {
    co_await with_task_group([&](TaskGroup& group) -> Task<> {
      std::vector<TaskHandle<void>> running;
      running.push_back(group.spawn(run_one, std::ref(first), next));
      const auto delay = delay_.delay();
      co_await wait(running, ReturnWhen::first_completed, delay);
      if (first.has_ended() || !budget_.withdraw(get_running_loop().now())) co_return;
      tell_policy(request, "hedge", [&] {
        return fmt::format("no answer for {:.3f} s: sent a second time",
                           std::chrono::duration<double>(delay).count());
      });
      running.push_back(group.spawn(run_one, std::ref(second), next));
      co_await wait(running, ReturnWhen::first_completed);
      const bool has_answer = first.response || second.response;
      if (!has_answer) co_return;
      group.cancel("the other request was answered first");
    });
  }

  proto::HedgeDelay delay_;
  proto::RetryBudget budget_;
};

}  // namespace

Middleware hedge_middleware(const HedgeOptions& options) {
  return [hedge = std::make_shared<Hedge>(options)](Request& request, Next next) {
    return hedge->run(request, next);
  };
}

}  // namespace rondo::http
