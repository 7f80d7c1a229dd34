#pragma once
// Where every error of a program has gone.

#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::lifecycle {

/// Each error that a program throws has a number, and must turn up exactly once: where somebody
/// catches it, or in the log. Any thread.
class ErrorLedger {
 public:
  /// Throws a new error, of one of several classes.
  [[noreturn]] void fail(unsigned pick);

  /// Somebody has caught `error`. False for `Cancelled`, which must travel on. What is no error of
  /// the program, nor one of those that the library may throw in it, is a problem.
  bool receive(const std::exception_ptr& error);

  /// The same for a time-out that the program has waited for: its own, or that of a clean-up.
  void receive_timeout(const std::exception_ptr& error);

  /// A clean-up has run into its limit: there must be an error that says so.
  void expect_overrun();

  /// The program has tasks that refuse to end: what reaches them is never told.
  void let_errors_be_lost();

  /// The loop has logged `report`. True when it is about errors of the program.
  bool report(std::string_view report);

  /// The exit report has `line`: how often an error was logged beyond the first time. True as
  /// above.
  bool report_again(std::string_view line);

  /// What is wrong, in words: errors that are lost, or told twice.
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  struct Entry {
    int received = 0;
    int reported = 0;
  };

  bool note(std::string_view text, int Entry::* where);
  bool note_overrun(std::string_view text);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  int overruns_ = 0;
  int overruns_told_ = 0;
  bool may_be_lost_ = false;
  std::vector<std::string> problems_;
};

}  // namespace rondo::lifecycle
