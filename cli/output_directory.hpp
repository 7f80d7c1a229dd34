#pragma once
// The directory that bodies are saved in.

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "cli/output_file.hpp"

namespace rondo::cli {

/// What is there under a name.
struct ExistingFile {
  bool is_regular = false;
  std::uint64_t size = 0;
  std::chrono::sys_seconds modified{};
};

/// Everything happens relative to the directory as it was opened, and no symbolic link inside it is
/// followed: nothing gets out, whatever the names, and whatever others do to the tree meanwhile.
/// Names are inner paths (`is_inner_path`); others throw `Error`. Any thread.
class OutputDirectory {
 public:
  /// Makes the directory, and those above it, unless it is there. Throws `OsError` when files
  /// cannot be made in it.
  explicit OutputDirectory(std::string path);

  /// Starts the file `name`; directories on its way are made. An empty name is given later, with
  /// `rename`. Throws `OsError`.
  [[nodiscard]] OutputFile create(const std::string& name);

  /// Temporary files of a job that survives have names that its next run knows: by the job's `tag`
  /// and the number of the URL.
  void set_tag(std::string tag) { tag_ = std::move(tag); }

  /// Starts the file `name` of the URL `number`; what an earlier run has left of it is gone.
  [[nodiscard]] OutputFile create(const std::string& name, std::uint64_t number);

  /// What an earlier run has left of it, whether it had its name then or not, to be gone on with;
  /// nothing: there is nothing.
  [[nodiscard]] std::optional<OutputFile> reopen(const std::string& name, std::uint64_t number);

  /// The name that `file` gets when it is committed. Directories on its way are made. Throws
  /// `OsError`.
  void rename(OutputFile& file, std::string name);

  /// What is there under `name`, which is not followed if it is a symbolic link. Throws `OsError`.
  [[nodiscard]] std::optional<ExistingFile> find(const std::string& name);

  /// The regular file `name`, to be read; nothing if there is none. Throws `OsError`.
  [[nodiscard]] std::optional<OutputFile> look_into(const std::string& name);

  /// Where the file `name` is, as seen from where the command was started.
  [[nodiscard]] std::string path_of(std::string_view name) const;

 private:
  using Directory = std::shared_ptr<OpenDirectory>;

  static constexpr std::size_t kMostOpen = 256;

  [[nodiscard]] Directory directory_of(const std::string& name, bool makes);
  [[nodiscard]] Directory enter(const Directory& parent, const std::string& path, bool makes) const;
  void forget_directories();
  [[nodiscard]] OutputFile open(const std::string& name, std::string temporary, int flags);

  std::string path_;
  std::string tag_;
  Directory root_;
  std::uint64_t files_ = 0;
  std::mutex mutex_;
  std::unordered_map<std::string, Directory> open_;  // by their paths below the root
};

}  // namespace rondo::cli
