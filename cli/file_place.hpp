#pragma once
// Where a file that the user has named goes.

#include <memory>
#include <string>
#include <string_view>

#include "cli/output_directory.hpp"

namespace rondo::cli {

/// A path behind which there is a file or nothing. What is written there appears when it is whole,
/// and takes the place of what was there; whoever reads it meanwhile has the old one or the new.
class FilePlace {
 public:
  /// Follows symbolic links; makes the directory unless it is there. Throws `OsError` when files
  /// cannot be made in it, and `Error` when there is something else than a file.
  explicit FilePlace(const std::string& path);

  /// Starts a file, to be written and committed. Throws `OsError`. The place outlives the file.
  [[nodiscard]] OutputFile create();

  /// Writes a whole file. Throws `OsError`.
  void replace(std::string_view content);

 private:
  FilePlace(const std::string& directory, std::string name);

  std::unique_ptr<OutputDirectory> directory_;
  std::string name_;
};

}  // namespace rondo::cli
