#pragma once
// What a loop has to say at its end.

#include <cstddef>
#include <source_location>
#include <string>
#include <vector>

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

/// Lines, each once and with a count: what was never awaited, what had to be cancelled, what
/// outlives its loop, what did not end. A line names the place where its subject was made, so that
/// the same mistake is one line however often it was made. Loop thread only.
class ExitReport {
 public:
  /// Counts one more of `line`. True: it is the first. A report that cannot be kept is lost.
  bool add(std::string line) noexcept;

  /// The same for what was logged when it happened first: the report has only the others.
  bool add_told(std::string line) noexcept;

  /// All lines below `headline`; empty when there is nothing to say.
  [[nodiscard]] std::string text(const std::string& headline) const;

 private:
  struct Entry {
    std::string line;
    std::size_t count;
    bool was_told;
  };

  bool count(std::string line, bool was_told) noexcept;

  std::vector<Entry> entries_;
};

/// A task of the coroutine at `origin` was destroyed before anybody awaited it. Goes into the
/// report of `loop`, or to the standard error where no loop runs.
void report_never_awaited(EventLoop* loop, const std::source_location& origin) noexcept;

}  // namespace rondo::detail
