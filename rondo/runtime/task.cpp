// The misuse of a task, told in words.

#include "rondo/runtime/task.hpp"

#include <exception>
#include <stdexcept>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/exit_report.hpp"

namespace rondo::detail {
namespace {

thread_local constinit std::size_t reported_on_this_thread = 0;
thread_local constinit int discarding = 0;

}  // namespace

void refuse_to_await(bool was_started) {
  throw std::logic_error(was_started ? "a task can be awaited only once"
                                     : "awaited a task that was moved from");
}

NeverAwaited::NeverAwaited(std::source_location origin) noexcept
    : origin_(origin), reported_before_(reported_on_this_thread) {}

NeverAwaited::~NeverAwaited() {
  // A task that was given to another one is what somebody forgot: not the wrapper around it.
  const bool has_told_of_its_own = reported_on_this_thread != reported_before_;
  // Where an exception flies, nobody came to awaiting.
  if (has_told_of_its_own || discarding > 0 || std::uncaught_exceptions() > 0) return;
  ++reported_on_this_thread;
  report_never_awaited(running_loop(), origin_);
}

DiscardedOnPurpose::DiscardedOnPurpose() noexcept {
  ++discarding;
}

DiscardedOnPurpose::~DiscardedOnPurpose() {
  --discarding;
}

}  // namespace rondo::detail
