// A shield with a deadline. Only the message tells it from `shield(limit, task)`: somebody who
// reads "timed out" in a log has to know what did.

#include "rondo/runtime/cleanup.hpp"

#include <fmt/format.h>

#include <utility>

#include "rondo/runtime/cancel_scope.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::detail {

std::string describe(const Cleanup& cleanup) {
  return fmt::format("{} at {}", cleanup.what, to_string(cleanup.where));
}

Task<> perform(Cleanup& cleanup) {
  CancelScope scope(cleanup.limit, CancelScope::Shield::yes);
  try {
    co_await std::move(cleanup.task);
    co_return;
  } catch (const Cancelled&) {
    if (!timed_out(scope)) throw;
  }
  const std::chrono::duration<double> seconds = cleanup.limit;
  throw TimeoutError(fmt::format("{} timed out after {:g} s", describe(cleanup), seconds.count()));
}

}  // namespace rondo::detail
