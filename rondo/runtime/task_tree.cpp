// A walk leaves a mark in the loop's list of fibers, behind the last it has seen: whatever ends
// meanwhile takes itself out of the list, and the mark stays. Records own what they say, so that
// they can be put into words on another thread, while the loop goes on.

#include "rondo/runtime/task_tree.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>
#include <utility>

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/source_site.hpp"

namespace rondo::detail {
namespace {

std::string_view state_of(const Fiber& fiber, const EventLoop& loop) noexcept {
  if (&fiber == loop.current_fiber()) return "running";
  const bool is_cancelled = fiber.is_cancelled();
  if (fiber.is_waiting()) return is_cancelled ? "cancelling" : "waiting";
  return "ready";
}

std::string seconds(Clock::duration age) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(age).count());
}

/// The files of the library's own coroutines that run other people's tasks: no place of anybody.
bool is_plumbing(const std::source_location& site) noexcept {
  const std::string_view file = site.file_name();
  return file.ends_with("rondo/runtime/fiber_frame.hpp") ||
         file.ends_with("rondo/runtime/loop_call.hpp");
}

std::vector<std::source_location> stack_of(const Fiber& fiber) {
  std::vector<std::source_location> stack;
  fiber.visit_stack([&](const std::source_location& site) {
    if (!is_plumbing(site)) stack.push_back(site);
  });
  return stack;
}

std::string spawner(const std::source_location& site) {
  if (site.line() == 0) return "a callback spawned";
  return fmt::format("{} spawned at {}", function_of(site), to_string(site));
}

std::string place(const std::source_location& site) {
  return fmt::format("{} in {}", to_string(site), function_of(site));
}

class TreeText {
 public:
  explicit TreeText(const std::vector<TaskRecord>& records) : records_(records) {
    std::unordered_map<std::uint64_t, std::size_t> known;
    known.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) known.emplace(records[i].id, i);
    for (std::size_t i = 0; i < records.size(); ++i) {
      // A parent that has ended, or was not seen, leaves its children to the loop.
      const bool has_parent = known.contains(records[i].parent);
      children_[has_parent ? records[i].parent : 0].push_back(i);
    }
  }

  std::string write(std::string_view headline) {
    text_ = fmt::format("{}\n", headline);
    write_children(0, "");
    return std::move(text_);
  }

 private:
  /// Tasks that look the same.
  struct Row {
    std::size_t first;
    std::size_t count = 1;
    Clock::duration youngest;
    Clock::duration oldest;
  };

  std::vector<Row> rows_of(const std::vector<std::size_t>& children) const {
    std::vector<Row> rows;
    std::map<std::string, std::size_t> alike;
    for (const std::size_t child : children) {
      const Clock::duration age = records_[child].age;
      if (!children_.contains(records_[child].id)) {
        const auto [known, is_new] = alike.emplace(likeness(records_[child]), rows.size());
        if (!is_new) {
          Row& row = rows[known->second];
          ++row.count;
          row.youngest = std::min(row.youngest, age);
          row.oldest = std::max(row.oldest, age);
          continue;
        }
      }
      rows.push_back({child, 1, age, age});
    }
    return rows;
  }

  static std::string likeness(const TaskRecord& record) {
    std::string key = fmt::format("{}\n{}\n{}", record.name, record.note, record.state);
    for (const auto& site : record.stack) {
      fmt::format_to(std::back_inserter(key), "\n{}:{}", site.file_name(), site.line());
    }
    return key;
  }

  void write_children(std::uint64_t parent, const std::string& indent) {
    const auto found = children_.find(parent);
    if (found == children_.end()) return;
    const auto rows = rows_of(found->second);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool is_last = i + 1 == rows.size();
      const TaskRecord& record = records_[rows[i].first];
      const std::string below = indent + (is_last ? "   " : "│  ");
      text_ += indent;
      text_ += is_last ? "└─ " : "├─ ";
      write_row(rows[i], record);
      write_stack(record, below + (children_.contains(record.id) ? "│  " : "   "));
      write_children(record.id, below);
    }
  }

  void write_row(const Row& row, const TaskRecord& record) {
    std::string name = record.name;
    if (name.empty() && !record.stack.empty()) name = function_of(record.stack.back());
    if (name.empty()) name = "a task that " + spawner(record.spawned_at);
    text_ += name;
    if (row.count > 1) text_ += fmt::format(" × {}", row.count);
    text_ += fmt::format("  {} {}", record.state, seconds(row.youngest));
    if (row.oldest != row.youngest) text_ += fmt::format(" to {}", seconds(row.oldest));
    if (!record.note.empty()) text_ += "  " + record.note;
    text_ += '\n';
  }

  void write_stack(const TaskRecord& record, const std::string& indent) {
    for (const auto& site : record.stack) text_ += fmt::format("{}at {}\n", indent, place(site));
  }

  const std::vector<TaskRecord>& records_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> children_;
  std::string text_;
};

}  // namespace

TaskTreeWalk::TaskTreeWalk(EventLoop& loop) noexcept : loop_(loop), last_id_(loop.last_fiber_id()) {
  loop_.fibers().push_front(mark_);
}

bool TaskTreeWalk::advance(std::size_t count) {
  for (; count > 0; --count) {
    FiberEntry* entry = loop_.fibers().next(mark_);
    if (entry == nullptr) return false;
    mark_.unlink();
    loop_.fibers().insert_behind(*entry, mark_);
    if (!entry->is_fiber) continue;
    const auto& fiber = static_cast<const Fiber&>(*entry);
    if (fiber.id() > last_id_) return false;
    look_at(fiber);
  }
  return true;
}

void TaskTreeWalk::look_at(const Fiber& fiber) {
  TaskRecord record;
  record.id = fiber.id();
  record.parent = fiber.parent() == nullptr ? 0 : fiber.parent()->id();
  record.name = fiber.name();
  if (fiber.note() != nullptr) record.note = fiber.note()->describe();
  record.state = state_of(fiber, loop_);
  record.age = loop_.now() - fiber.started_at();
  record.spawned_at = fiber.spawn_site();
  record.stack = stack_of(fiber);
  records_.push_back(std::move(record));
}

std::string format_task_tree(std::string_view headline, const std::vector<TaskRecord>& records) {
  return TreeText(records).write(headline);
}

std::string name_of(const Fiber& fiber) {
  if (!fiber.name().empty()) return fiber.name();
  const auto stack = stack_of(fiber);
  return stack.empty() ? "a task that has not started" : function_of(stack.back());
}

std::string describe_task(const Fiber& fiber) {
  const auto stack = stack_of(fiber);
  std::string text = name_of(fiber);
  if (!stack.empty()) text += " at " + to_string(stack.front());
  return text + ", which " + spawner(fiber.spawn_site());
}

std::string describe_step(const Fiber& fiber) {
  const auto stack = stack_of(fiber);
  const auto site = stack.empty() ? fiber.spawn_site() : stack.front();
  return fmt::format("{}, from {} on,", name_of(fiber), to_string(site));
}

std::string headline_of(EventLoop& loop) {
  const std::size_t tasks = loop.live_tasks();
  return fmt::format("event loop created at {} on {}, {} task{}", to_string(loop.created_at()),
                     loop.backend(), tasks, tasks == 1 ? "" : "s");
}

}  // namespace rondo::detail
