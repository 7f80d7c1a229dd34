#pragma once
// A name for a task.

#include <concepts>
#include <source_location>
#include <string>
#include <utility>

namespace rondo {

/// What a task is called in reports, and the place that gave it the name: made of a string in a
/// call of `TaskGroup::spawn_named`.
class TaskName {
 public:
  template <class Text>
    requires std::constructible_from<std::string, Text>
  TaskName(Text&& text, std::source_location where = std::source_location::current())
      : text_(std::forward<Text>(text)), where_(where) {}

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

 private:
  std::string text_;
  std::source_location where_;
};

}  // namespace rondo
