#pragma once
// From the input into the journal, as it is read.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "rondo/runtime/task.hpp"

#include "cli/file_naming.hpp"
#include "cli/input.hpp"
#include "cli/job_store.hpp"

namespace rondo::cli {

/// Takes an input over into a store that may know all of it, its beginning, or something else.
/// Lines that the store does not have are added; those that are gone from the input stay in it. A
/// list that is as it was, or has grown at its end, is only read; any other, and one from a pipe,
/// is compared line by line.
class ListIntake {
 public:
  /// Each job gets the file name that `naming` has for it.
  ListIntake(Input& input, JobStore& store, FileNaming naming) noexcept
      : input_(input), store_(store), naming_(naming) {}

  /// Calls `added` when the store has more than before. Throws `OsError` when the input cannot be
  /// read on, and what the store throws.
  Task<> run(std::function<void()> added);

  /// How many lines it has added so far.
  [[nodiscard]] std::uint64_t added() const noexcept { return added_; }

 private:
  Task<bool> starts_with(ListPosition known);
  Task<> take_over(const std::function<void()>& added);
  Task<> flush();
  void take(const InputLine& line);

  Input& input_;
  JobStore& store_;
  FileNaming naming_;
  bool compares_ = false;
  ListPosition position_{0, 0};
  std::vector<NewJob> batch_;
  std::uint64_t added_ = 0;
};

}  // namespace rondo::cli
