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

  /// The loop has logged `report`. True when it is about errors of the program.
  bool report(std::string_view report);

  /// What is wrong, in words: errors that are lost, or told twice.
  [[nodiscard]] std::vector<std::string> problems() const;

 private:
  struct Entry {
    int received = 0;
    int reported = 0;
  };

  bool note(std::string_view text, int Entry::* where);

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
  std::vector<std::string> problems_;
};

}  // namespace rondo::lifecycle
