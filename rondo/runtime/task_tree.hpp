#pragma once
// The tasks of a loop as a tree: what `EventLoop::dump_tasks`, `DeadlockError` and `rondo ps` show.

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/runtime/clock.hpp"
#include "rondo/runtime/fiber.hpp"

namespace rondo {
class EventLoop;
}

namespace rondo::detail {

/// What was seen of one task; owns what it says.
struct TaskRecord {
  std::uint64_t id = 0;
  std::uint64_t parent = 0;  ///< 0: the loop itself
  std::string name;          ///< that it was given, or empty
  std::string note;          ///< what it works on, or empty
  std::string_view state;
  Clock::duration age{};
  std::source_location spawned_at;
  std::vector<std::source_location> stack;  ///< innermost first
};

/// Looks at the tasks of a loop, in the order in which they were started, as many at a time as
/// asked for: tasks may run, start and end in between. Loop thread only, and not beyond the loop's
/// end.
class TaskTreeWalk {
 public:
  explicit TaskTreeWalk(EventLoop& loop) noexcept;
  TaskTreeWalk(const TaskTreeWalk&) = delete;
  TaskTreeWalk& operator=(const TaskTreeWalk&) = delete;

  /// Looks at up to `count` more tasks that had been started when the walk began. False: that was
  /// the last of them.
  bool advance(std::size_t count);

  /// What was seen.
  [[nodiscard]] std::vector<TaskRecord> take() noexcept { return std::move(records_); }

 private:
  void look_at(const Fiber& fiber);

  EventLoop& loop_;
  FiberEntry mark_{false};
  std::uint64_t last_id_;
  std::vector<TaskRecord> records_;
};

/// The tree, one task a line, its stack below it; ends with a line end. Tasks of the same parent
/// that are alike in everything but their age are one line with a count.
[[nodiscard]] std::string format_task_tree(std::string_view headline,
                                           const std::vector<TaskRecord>& records);

/// The name a task was given, or that of its coroutine.
[[nodiscard]] std::string name_of(const Fiber& fiber);

/// "feed::poll at feed.cpp:30, which feed::run spawned at feed.cpp:12": a task in one line, the
/// same for all that are at the same place.
[[nodiscard]] std::string describe_task(const Fiber& fiber);

/// "feed::poll, from feed.cpp:30 on,": the step that a ready task takes next.
[[nodiscard]] std::string describe_step(const Fiber& fiber);

/// "event loop created at main.cpp:42 on epoll, 3 tasks".
[[nodiscard]] std::string headline_of(EventLoop& loop);

}  // namespace rondo::detail
