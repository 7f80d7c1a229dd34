// The number is in the message, so that an error is known in a report as well as in a handler.

#include "error_ledger.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "rondo/base/error.hpp"
#include "rondo/runtime/cancelled.hpp"
#include "rondo/runtime/describe_exception.hpp"
#include "rondo/runtime/exception_group.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo::lifecycle {
namespace {

constexpr std::string_view kMark = "program error #";

}  // namespace

void ErrorLedger::fail(unsigned pick) {
  std::string message;
  {
    const std::lock_guard lock(mutex_);
    message = std::string(kMark) + std::to_string(entries_.size());
    entries_.emplace_back();
  }
  if (pick % 3 == 0) throw std::logic_error(message);
  if (pick % 3 == 1) throw Error(message);
  throw std::runtime_error(message);
}

bool ErrorLedger::receive(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Cancelled&) {
    return false;
  } catch (const ExceptionGroup& group) {
    for (const auto& inner : group.exceptions()) receive(inner);
  } catch (const std::exception& exception) {
    if (note(exception.what(), &Entry::received)) return true;
    const std::lock_guard lock(mutex_);
    problems_.push_back("unexpected error: " + detail::describe(error));
  }
  return true;
}

void ErrorLedger::receive_timeout(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    note_overrun(exception.what());
  }
}

void ErrorLedger::expect_overrun() {
  const std::lock_guard lock(mutex_);
  ++overruns_;
}

void ErrorLedger::let_errors_be_lost() {
  const std::lock_guard lock(mutex_);
  may_be_lost_ = true;
}

bool ErrorLedger::report(std::string_view report) {
  // A group has its errors below the first line, which tells of one of them.
  const std::string_view title = report.substr(0, report.find('\n'));
  if (title.size() == report.size()) return note(report, &Entry::reported);
  bool is_known = false;
  for (std::string_view rest = report.substr(title.size() + 1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    is_known |= note(rest.substr(0, end), &Entry::reported);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return is_known;
}

bool ErrorLedger::report_again(std::string_view line) {
  const auto at = line.find(" more × error in a task that nobody waits for: ");
  if (at == std::string_view::npos) return false;
  const std::size_t digits = line.find_first_not_of(' ');
  int times = 0;
  std::from_chars(line.data() + digits, line.data() + at, times);
  for (int i = 0; i < times; ++i) {
    if (!note_overrun(line)) return false;  // the other errors have numbers, and never repeat
  }
  return times > 0;
}

bool ErrorLedger::note(std::string_view text, int Entry::* where) {
  const auto at = text.find(kMark);
  if (at == std::string_view::npos) return note_overrun(text);
  const std::string_view digits = text.substr(at + kMark.size());
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const std::lock_guard lock(mutex_);
  ++(entries_.at(number).*where);
  return true;
}

bool ErrorLedger::note_overrun(std::string_view text) {
  const bool is_one = text.find("on_exit() at interpreter.cpp:") != std::string_view::npos &&
                      text.find(" timed out after 0.002 s") != std::string_view::npos;
  if (!is_one) return false;
  const std::lock_guard lock(mutex_);
  ++overruns_told_;
  return true;
}

std::vector<std::string> ErrorLedger::problems() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> problems = problems_;
  if (overruns_told_ > overruns_ || (overruns_told_ < overruns_ && !may_be_lost_)) {
    problems.push_back(std::to_string(overruns_) + " clean-ups ran into their limit, of which " +
                       std::to_string(overruns_told_) + " were told");
  }
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto [received, reported] = entries_[i];
    const int told = received + reported;
    if (told == 1 || (told == 0 && may_be_lost_)) continue;
    problems.push_back("error #" + std::to_string(i) + " was received " + std::to_string(received) +
                       " times and logged " + std::to_string(reported) + " times");
  }
  return problems;
}

}  // namespace rondo::lifecycle
