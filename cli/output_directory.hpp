#pragma once
// The directory that bodies are saved in, and a file that is not there before it is whole.

#include <cstdint>
#include <functional>
#include <optional>
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

  /// Waits until what was written is on the disk. Throws `OsError`.
  void sync();

  /// Leaves the file as it is, under its temporary name, for `OutputDirectory::reopen`.
  void keep() noexcept;

  /// How much is in it.
  [[nodiscard]] std::uint64_t size() const;

  /// Calls `take` with all that is in it, piece by piece. Throws `OsError`.
  void read_back(const std::function<void(std::string_view)>& take) const;

  /// Waits until the name that `commit` has given is on the disk, with all others in its directory.
  void sync_directory() const noexcept;

  /// A number that files of one directory share, and others do not; 0: it cannot be told.
  [[nodiscard]] std::uint64_t directory() const noexcept;

 private:
  friend class OutputDirectory;
  OutputFile(int directory, Descriptor opened, Descriptor file, std::string temporary,
             std::string name, std::string shown);

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

  /// Temporary files of a job that survives have names that its next run knows: by the job's `tag`
  /// and the number of the URL.
  void set_tag(std::string tag) { tag_ = std::move(tag); }

  /// Starts the file `name` of the URL `number`; what an earlier run has left of it is gone.
  [[nodiscard]] OutputFile create(const std::string& name, std::uint64_t number);

  /// What an earlier run has left of it, to be gone on with; nothing: there is nothing.
  [[nodiscard]] std::optional<OutputFile> reopen(const std::string& name, std::uint64_t number);

  /// Where the file `name` is, as seen from where the command was started.
  [[nodiscard]] std::string path_of(const std::string& name) const;

 private:
  /// Where a name leads: the directory, which `opened` keeps unless it is the root, and the last
  /// part of the name.
  struct Place {
    int directory = -1;
    Descriptor opened;
    std::string name;
  };

  [[nodiscard]] Place place_of(const std::string& name);
  [[nodiscard]] OutputFile open(const std::string& name, std::string temporary, int flags);

  std::string path_;
  std::string tag_;
  Descriptor root_;
  std::uint64_t files_ = 0;
};

}  // namespace rondo::cli
