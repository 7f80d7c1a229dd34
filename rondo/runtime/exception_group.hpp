#pragma once
// Several failures at once.

#include <exception>
#include <string>
#include <vector>

#include "rondo/base/error.hpp"

namespace rondo {

/// What a task group throws when more than one of its tasks failed. `what()` counts them and names
/// the first, `details()` has a line for each.
class ExceptionGroup : public Error {
 public:
  explicit ExceptionGroup(std::vector<std::exception_ptr> exceptions);

  /// In the order in which they happened; at least two.
  [[nodiscard]] const std::vector<std::exception_ptr>& exceptions() const noexcept {
    return exceptions_;
  }

 private:
  std::vector<std::exception_ptr> exceptions_;
};

}  // namespace rondo
