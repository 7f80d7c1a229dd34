#pragma once
// Clean-up that waits: the closing of what a `catch` block or a destructor cannot await.

#include <chrono>
#include <source_location>
#include <string>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

/// How long `TaskGroup::on_exit` and `with` let a clean-up take, unless they are told otherwise.
/// Less than `RunOptions::shutdown_timeout`, so that at the end of a run one that hangs is
/// cancelled and not abandoned.
inline constexpr Clock::duration kCleanupTimeout = std::chrono::seconds(3);

namespace detail {

/// A clean-up that has not begun. `what` names it in messages: "on_exit()".
struct Cleanup {
  Task<> task;
  Clock::duration limit;
  const char* what;
  std::source_location where;
};

/// "on_exit() at feed.cpp:12".
std::string describe(const Cleanup& cleanup);

/// Awaits the clean-up out of reach of every cancellation. Cancels it after its limit and then
/// throws `TimeoutError`, which names it. Refers to `cleanup` until its end.
Task<> perform(Cleanup& cleanup);

}  // namespace detail

}  // namespace rondo
