// A device or a pipe is refused: renaming a file over it would take it away from everybody.

#include "cli/file_place.hpp"

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "rondo/base/error.hpp"

#include "cli/terminal_text.hpp"

namespace rondo::cli {
namespace {

namespace fs = std::filesystem;

/// Where `path` leads, links followed as far as they go.
fs::path target_of(const std::string& path) {
  std::error_code error;
  const fs::path target = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) throw OsError(error.value(), "find " + printable(path));
  const auto type = fs::status(target, error).type();
  if (type != fs::file_type::not_found && type != fs::file_type::regular) {
    throw Error(printable(path) + " is no regular file");
  }
  if (!target.has_filename()) throw Error(printable(path) + " is no name of a file");
  return target;
}

}  // namespace

FilePlace::FilePlace(const std::string& path)
    : FilePlace(target_of(path).parent_path().string(), target_of(path).filename().string()) {}

FilePlace::FilePlace(const std::string& directory, std::string name)
    : directory_(std::make_unique<OutputDirectory>(directory)), name_(std::move(name)) {
  // Other files of this process may be made in the same directory.
  directory_->set_tag(std::to_string(::getpid()) + "-" + name_);
}

OutputFile FilePlace::create() {
  return directory_->create(name_, 0);
}

void FilePlace::replace(std::string_view content) {
  OutputFile file = create();
  file.write(content);
  file.commit();
}

}  // namespace rondo::cli
