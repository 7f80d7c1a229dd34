// What may be said at the end follows from the program: an exit report has lines only for what was
// really left behind.

#include "world.hpp"

#include <chrono>

#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo::lifecycle {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Tasks that belong to the loop instead of to main; on one of several loops also those of others.
bool leaves_tasks(const Program& program, Setting setting) {
  return setting == Setting::worker || program.stop >= Stop::stop_and_close ||
         contains(program.main, Action::detach) || contains(program.main, Action::request) ||
         contains(program.main, Action::refuse);
}

}  // namespace

void World::log(std::string_view report) {
  if (report.starts_with("at the end of the event loop created at ")) {
    check_exit_report(report);
  } else if (!ledger.report(report)) {
    reports.emplace_back(report);
  }
}

void World::check_exit_report(std::string_view report) {
  std::size_t at = report.find('\n');
  while (at != std::string_view::npos) {
    const std::size_t end = report.find('\n', at + 1);
    check_line(report.substr(at + 1, end - at - 1));
    at = end;
  }
}

void World::check_line(std::string_view line) {
  const bool is_of_the_session = has(line, "ClientSession not closed: created at ");
  const bool is_of_a_response = has(line, "response not read to its end: of the ClientSession");
  const bool is_of_a_task = has(line, "task cancelled at the end of the loop: ");
  const bool is_of_a_late_task = has(line, "task did not end within the shutdown time-out: ");
  if (is_of_a_late_task) ++named_as_late;
  // In real time its deadline is short, and may pass for others, too.
  const bool may_be_late = refusing > 0 && (is_of_a_late_task || setting == Setting::real_time);
  const bool is_right = is_of_the_session || may_be_late ||
                        ((is_of_a_response || is_of_a_task) && leaves_tasks(program, setting));
  if (!is_right && !ledger.report_again(line)) reports.emplace_back(line);
}

void World::check_detached() {
  for (auto& future : detached) {
    if (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      reports.emplace_back("a detached task has not answered");
      continue;
    }
    try {
      future.get();
    } catch (const LoopClosedError&) {
      // It was cancelled by the closing loop.
    } catch (...) {
      ledger.receive(std::current_exception());
    }
  }
  detached.clear();
}

std::vector<std::string> World::problems() {
  check_detached();
  std::vector<std::string> problems;
  for (const auto& report : reports) problems.push_back("should not be reported: " + report);
  if (refusing > 0) {
    if (named_as_late == 0) problems.emplace_back("a task that refuses to end is not named");
    return problems;  // what it holds up does not end either
  }
  if (live_steps != 0) problems.push_back(std::to_string(live_steps) + " steps have not ended");
  if (cleanups_begun != cleanups_due) {
    problems.push_back("of " + std::to_string(cleanups_due) + " clean-ups " +
                       std::to_string(cleanups_begun) + " have begun");
  }
  return problems;
}

}  // namespace rondo::lifecycle
