// There are few different lines, however many events there are: a search through them is short.

#include "rondo/runtime/exit_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::detail {

bool ExitReport::add(std::string line) noexcept {
  return count(std::move(line), false);
}

bool ExitReport::add_told(std::string line) noexcept {
  return count(std::move(line), true);
}

bool ExitReport::count(std::string line, bool was_told) noexcept {
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.line == line; });
  if (known != entries_.end()) {
    ++known->count;
    return false;
  }
  try {
    entries_.push_back({std::move(line), 1, was_told});
  } catch (...) {
    // There is no memory to say it with.
  }
  return true;
}

std::string ExitReport::text(const std::string& headline) const {
  std::string lines;
  for (const auto& [line, count, was_told] : entries_) {
    const std::size_t untold = was_told ? count - 1 : count;
    if (untold == 0) continue;
    lines += "\n  ";
    if (was_told) {
      lines += fmt::format("{} more × ", untold);
    } else if (untold > 1) {
      lines += fmt::format("{} × ", untold);
    }
    lines += line;
  }
  return lines.empty() ? lines : headline + lines;
}

void report_never_awaited(EventLoop* loop, const std::source_location& origin) noexcept {
  try {
    std::string line =
        fmt::format("task never awaited: {} ({})", function_of(origin), to_string(origin));
    if (loop != nullptr) {
      loop->exit_report().add(std::move(line));
    } else {
      fmt::print(stderr, "rondo: {}\n", line);
    }
  } catch (...) {
    // There is nobody to tell.
  }
}

}  // namespace rondo::detail
