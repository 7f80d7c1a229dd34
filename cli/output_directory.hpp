#pragma once
// The directory that bodies are saved in, and a file that is not there before it is whole.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rondo::cli {

/// An open descriptor of the system; closed at its end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

  /// Closes it now; false, with `errno`, when what was written did not reach the file.
  bool close() noexcept;

 private:
  int number_;
};

/// Writes a file under a temporary name. Without `commit` it is removed again. The directory it
/// came from outlives it.
class OutputFile {
 public:
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// Throws `OsError`.
  void write(std::string_view bytes);

  /// Gives the file its name; what had it before is replaced. Throws `OsError`.
  void commit();

 private:
  friend class OutputDirectory;
  OutputFile(int directory, Descriptor opened, std::string temporary, std::string name,
             std::string shown);

  int directory_;
  Descriptor opened_;  // the directory, unless it is the root, which outlives its files
  Descriptor file_;
  std::string temporary_;  // empty: committed
  std::string name_;
  std::string shown_;
};

/// Everything happens relative to the directory as it was opened, and no symbolic link inside it is
/// followed: nothing gets out, whatever the names, and whatever others do to the tree meanwhile.
class OutputDirectory {
 public:
  /// Makes the directory, and those above it, unless it is there. Throws `OsError` when files
  /// cannot be made in it.
  explicit OutputDirectory(std::string path);

  /// Starts the file `name`, an `inner_path`; directories on its way are made. Throws `OsError`,
  /// and `Error` for a name that leads outside.
  [[nodiscard]] OutputFile create(const std::string& name);

  /// Where the file `name` is, as seen from where the command was started.
  [[nodiscard]] std::string path_of(const std::string& name) const;

 private:
  std::string path_;
  Descriptor root_;
  std::uint64_t files_ = 0;
};

}  // namespace rondo::cli
