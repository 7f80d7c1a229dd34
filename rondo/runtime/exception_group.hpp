#pragma once
// Several failures at once.

#include <cstddef>
#include <exception>
#include <string>
#include <vector>

#include "rondo/base/error.hpp"

namespace rondo {

namespace detail {

/// A failure, and where it comes from when that has a name: "task 'feed'".
struct Failure {
  std::exception_ptr error;
  std::string origin;
};

/// Throws a single failure as it is, several as an `ExceptionGroup`; returns when there is none.
void rethrow(const std::vector<Failure>& failures);

/// For a log, where nobody can ask further: as `describe`, and the tree of an `ExceptionGroup`
/// below.
std::string describe_whole(const std::exception_ptr& error);

}  // namespace detail

/// What a task group throws when more than one of its tasks or clean-ups failed, and `with` when
/// both its body and the closing did. Groups nest as task groups do. `what()` is one line: how many
/// failures there are in the tree, and the first of them. `details()` is the tree: a line for each
/// failure with the task it comes from; under it, indented by two, what its own details say, its
/// causes (`std::nested_exception`), or the failures of a group.
class ExceptionGroup : public Error {
 public:
  explicit ExceptionGroup(const std::vector<std::exception_ptr>& exceptions);
  explicit ExceptionGroup(const std::vector<detail::Failure>& failures);

  /// In the order in which they happened; at least two when Rondo has thrown it.
  [[nodiscard]] const std::vector<std::exception_ptr>& exceptions() const noexcept {
    return exceptions_;
  }

  /// How many there are, those in the groups among them counted one by one.
  [[nodiscard]] std::size_t failure_count() const noexcept { return failure_count_; }

 private:
  std::vector<std::exception_ptr> exceptions_;
  std::size_t failure_count_;
};

}  // namespace rondo
