#pragma once
// A file of the output directory that is not there before it is whole.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/descriptor.hpp"

namespace rondo::cli {

class OutputDirectory;
class OpenDirectory;

/// Is written under a temporary name. Without `commit` it is removed again. The `OutputDirectory`
/// that it came from outlives it. One thread at a time.
class OutputFile {
 public:
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// Appends `bytes`. Throws `OsError`.
  void write(std::string_view bytes);

  /// Writes `bytes` at `position`, wherever others write. Throws `OsError`.
  void write_at(std::uint64_t position, std::string_view bytes);

  /// Makes it `size` bytes long, with room on the disk where the file system can say so. Throws
  /// `OsError`.
  void reserve(std::uint64_t size);

  /// When it was changed last, as others will see it. What cannot be set stays as it is.
  void set_modified(std::chrono::sys_seconds time) const noexcept;

  /// Gives the file its name; what had it before is replaced. Throws `OsError`, and may then be
  /// called again.
  void commit();

  /// Waits until what was written is on the disk. Throws `OsError`.
  void sync();

  /// Leaves the file as it is, under its temporary name, for `OutputDirectory::reopen`.
  void keep() noexcept;

  /// How much is in it.
  [[nodiscard]] std::uint64_t size() const;

  /// Calls `take` with all that is in it, piece by piece. Throws `OsError`.
  void read_back(const std::function<void(std::string_view)>& take) const;

  /// Where it gets its name. Files of one directory mostly have the same one.
  [[nodiscard]] const std::shared_ptr<OpenDirectory>& directory() const noexcept { return target_; }

  /// As seen from where the command was started.
  [[nodiscard]] std::string path() const;

 private:
  friend class OutputDirectory;
  OutputFile(const OutputDirectory& tree, std::shared_ptr<OpenDirectory> directory, Descriptor file,
             std::string temporary, std::string name);

  [[noreturn]] void fail(std::string_view what) const;

  const OutputDirectory* tree_;
  std::shared_ptr<OpenDirectory> directory_;  // of the temporary name
  std::shared_ptr<OpenDirectory> target_;     // of the name
  Descriptor file_;
  std::string temporary_;  // empty: it has its name
  std::string name_;       // inside the tree; empty: not known yet
};

/// A directory of the tree, as it was opened.
class OpenDirectory {
 public:
  /// `parent` is null for the root. `is_new`: its own name may not be on the disk yet.
  OpenDirectory(Descriptor descriptor, std::shared_ptr<OpenDirectory> parent, bool is_new) noexcept
      : descriptor_(std::move(descriptor)), parent_(std::move(parent)), is_new_(is_new) {}

  [[nodiscard]] int get() const noexcept { return descriptor_.get(); }

  /// Waits until the names in it, and its own, are on the disk. Throws `OsError`, and may then be
  /// called again. One thread at a time.
  void sync();

 private:
  Descriptor descriptor_;
  std::shared_ptr<OpenDirectory> parent_;  // null: the root of a tree
  bool is_new_;
};

}  // namespace rondo::cli
