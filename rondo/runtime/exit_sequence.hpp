#pragma once
// The orderly end of a loop (docs/design.md §5, L1).

#include <source_location>
#include <string>

#include "rondo/runtime/event_loop.hpp"

namespace rondo::detail {

/// Ends everything a loop still owns, within its shutdown time-out, and closes it.
class ExitSequence {
 public:
  explicit ExitSequence(EventLoop& loop) noexcept : loop_(loop) {}

  /// Never throws; what was late goes to the loop's log. `closer` names the call that closes.
  void run(std::string closer, std::source_location where) noexcept;

 private:
  void end_tasks();
  void end_residents();
  void end_background();
  void end_threads(Clock::time_point deadline);
  /// Tells the tasks that have not ended that their loop goes.
  void abandon_tasks() noexcept;
  void turn_while(const std::size_t& live);
  /// Whether a task whose end somebody else is told of belongs into the report.
  enum class Told : bool { by_report, in_any_case };
  void report_tasks(const ScopeNode& root, const char* what,
                    Told told = Told::in_any_case) noexcept;

  /// Logs the exit report, if there is something to say, and gives it.
  std::string tell() noexcept;

  EventLoop& loop_;
  bool out_of_time_ = false;
};

}  // namespace rondo::detail
