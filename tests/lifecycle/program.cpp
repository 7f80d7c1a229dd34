// One line a step, indented by depth: what a failing seed is printed as.

#include "program.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "tests/support/backends.hpp"

namespace rondo::lifecycle {
namespace {

constexpr auto kActionNames = std::to_array<std::string_view>({
    "sleep",
    "yield",
    "fail",
    "callback that fails",
    "cancel a scope",
    "cancel a task",
    "background",
    "detach",
    "thread",
    "wait for event",
    "set or clear event",
    "wait for condition",
    "notify condition",
    "put into queue",
    "get from queue",
    "close queue",
    "barrier",
    "memory stream",
    "tcp",
    "tls stream",
    "resolve",
    "refuse to end",
    "request",
    "sequence",
    "hop",
    "catch errors of",
    "group",
    "gather",
    "gather, return exceptions",
    "wait",
    "as completed",
    "timeout",
    "shield",
    "scope",
    "with lock",
    "with permit",
    "with resource",
    "fail when cancelled",
    "linger when cancelled",
    "swallow cancellation",
});
static_assert(kActionNames.size() == static_cast<std::size_t>(kLastAction) + 1);

constexpr auto kStopNames = std::to_array<std::string_view>({
    "runs to its end",
    "main returns",
    "main throws",
    "main is cancelled",
    "Ctrl-C",
    "stop() and close()",
    "stop() and destruction",
});

void describe(const Step& step, std::size_t depth, std::string& text) {
  text.append(2 * depth, ' ');
  text += kActionNames[static_cast<std::size_t>(step.action)];
  text += " (" + std::to_string(step.time.count()) + " ms, pick " + std::to_string(step.pick) + ")";
  text += '\n';
  for (const Step& inner : step.branches) describe(inner, depth + 1, text);
}

}  // namespace

bool contains(const Step& step, Action action) {
  return step.action == action ||
         std::any_of(step.branches.begin(), step.branches.end(),
                     [action](const Step& inner) { return contains(inner, action); });
}

std::string describe(const Program& program) {
  std::string text = "seed " + std::to_string(program.seed);
  text += std::string(", ") + name_of(program.backend) + ": ";
  text += kStopNames[static_cast<std::size_t>(program.stop)];
  text += " after " + std::to_string(program.stop_at.count()) + " ms\n";
  describe(program.main, 1, text);
  return text;
}

}  // namespace rondo::lifecycle
