#pragma once
// Where a task is sent to, and from where.

#include <source_location>
#include <utility>

#include "rondo/runtime/loop_handle.hpp"

namespace rondo {

/// The loop that is to run a task, and the place in the program that asks for it: made of a
/// `LoopHandle` in a call of `run_on` or `run_coroutine_threadsafe`.
class TargetLoop {
 public:
  TargetLoop(LoopHandle loop, std::source_location where = std::source_location::current()) noexcept
      : loop_(std::move(loop)), where_(where) {}

  [[nodiscard]] const LoopHandle& loop() const noexcept { return loop_; }
  [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

 private:
  LoopHandle loop_;
  std::source_location where_;
};

}  // namespace rondo
