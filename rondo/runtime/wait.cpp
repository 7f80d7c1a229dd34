// The time limit is a scope around the wait alone, so it ends no task.

#include "rondo/runtime/wait.hpp"

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::detail {

Task<> wait_for_ends(EndWatch& watch, ReturnWhen when, std::optional<Clock::duration> limit) {
  const bool is_first = when == ReturnWhen::first_completed && watch.size() > 0;
  const std::size_t count = is_first ? 1 : watch.size();
  CancelScope scope;
  if (limit) scope.set_deadline(*limit);
  try {
    co_await watch.until(count, when == ReturnWhen::first_exception);
  } catch (const Cancelled&) {
    if (!timed_out(scope)) throw;
  }
}

}  // namespace rondo::detail
