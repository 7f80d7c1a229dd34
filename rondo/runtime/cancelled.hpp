#pragma once
// What an await throws when its task was asked to stop.

namespace rondo {

/// Thrown by an await inside a cancelled scope, and again by every further one that would suspend,
/// until the scope is left. Not a `std::exception`: `catch (const std::exception&)` cannot swallow
/// it by accident.
class Cancelled {
 public:
  [[nodiscard]] const char* what() const noexcept { return "task was cancelled"; }
};

}  // namespace rondo
