// Runs fibers on a loop of its own, with SIGINT as a request to end in good order.

#include "rondo/runtime/run.hpp"

#include <fmt/format.h>

#include <optional>

#include "rondo/runtime/exit_sequence.hpp"
#include "rondo/runtime/interrupt.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo {
namespace {

RunOptions outside_any_run(RunOptions options) {
  if (const EventLoop* outer = detail::running_loop()) outer->refuse_nested_run("run()");
  return options;
}

}  // namespace

Runner::Runner(RunOptions options, std::source_location where, const char* closer)
    : options_(outside_any_run(std::move(options))),
      loop_(options_, where),
      where_(where),
      closer_(closer) {}

Runner::~Runner() {
  if (!loop_.is_closed()) detail::ExitSequence(loop_).run(closer_, where_);
}

void Runner::close(std::source_location where) {
  loop_.close(where);
}

void Runner::drive(detail::Fiber& main, std::source_location where) {
  std::optional<detail::InterruptGuard> guard;
  if (options_.handle_sigint && detail::InterruptGuard::is_possible_here()) {
    guard.emplace(loop_, main);
  }
  loop_.run_until_ended(main, where);
  const bool interrupted = guard && guard->was_interrupted();
  guard.reset();
  if (interrupted && main.was_cancelled()) throw Interrupted();
}

}  // namespace rondo
