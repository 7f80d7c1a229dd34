#pragma once
// Files, without holding up the loop: through the ring on io_uring, on worker threads elsewhere.
//
//   rondo::File file = co_await rondo::File::open("feed.csv", rondo::FileMode::write);
//   co_await file.write("time,price\n");
//   co_await file.sync();
//   co_await file.close();
//
//   std::string text = co_await rondo::read_file("feed.csv");

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "rondo/runtime/task.hpp"

namespace rondo {

/// How a file is opened; beside it the mode of Python's `open`.
enum class FileMode : std::uint8_t {
  read,    ///< "rb": must be there
  write,   ///< "wb": made if it is not there, emptied if it is
  create,  ///< "xb": made; fails with EEXIST if it is there
  append,  ///< "ab": made if it is not there; every write goes to the end
  update,  ///< "r+b": must be there; for reading and writing
};

/// An open file, with a position that `read_some`, `read_rest` and `write` start from and move.
///
/// One operation at a time, `read_at` and `write_at` excepted, which may overlap each other. The
/// file and what it reads into or writes from stay where they are until the await has ended. It
/// belongs to no loop: it may be used under one after the other. Cancelling ends what has not begun
/// yet and what the system can still give up; everything else goes to its end first, and then
/// counts. All of it throws `OsError`, whose words name the path.
class File {
 public:
  /// `permissions` are those of a file that is made, less the process's umask. Symbolic links are
  /// followed. The descriptor is not inherited by programs that are executed.
  [[nodiscard]] static Task<File> open(std::string path, FileMode mode = FileMode::read,
                                       unsigned permissions = 0666);

  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  /// Closes the file at once, on this thread; `close` tells of errors.
  ~File();

  /// Reads at most `into.size()` bytes at the position. 0: the end of the file.
  [[nodiscard]] Task<std::size_t> read_some(std::span<char> into);

  /// Reads from the position to the end.
  [[nodiscard]] Task<std::string> read_rest();

  /// Reads at most `into.size()` bytes at `offset`, and leaves the position alone. 0: the end.
  [[nodiscard]] Task<std::size_t> read_at(std::uint64_t offset, std::span<char> into);

  /// Writes all of `bytes` at the position, or at the end where the mode is `append`. After an
  /// error or a cancellation a part may have been written; the position stands behind it.
  Task<> write(std::string_view bytes);

  /// Writes all of `bytes` at `offset`, and leaves the position alone.
  Task<> write_at(std::uint64_t offset, std::string_view bytes);

  /// The file's size in bytes at present; 0 for what has none, such as a pipe.
  [[nodiscard]] Task<std::uint64_t> size() const;

  /// Waits until what was written is on the storage device (fdatasync).
  Task<> sync();

  /// Closes the file; further use fails with EBADF. Once closed it does nothing. Errors of earlier
  /// writes may come to light here, and the file is closed all the same.
  Task<> close();

  [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
  void seek(std::uint64_t position) noexcept { position_ = position; }
  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  File(std::string path, int descriptor) noexcept;
  Task<std::size_t> transfer(bool writes, std::uint64_t offset, char* data, std::size_t size);

  std::string path_;
  int descriptor_;
  bool can_seek_ = true;
  std::uint64_t position_ = 0;
};

/// The whole of a file. Throws `OsError`.
[[nodiscard]] Task<std::string> read_file(std::string path);

/// Makes or replaces the contents of a file. Not in one step: to have either the old or the new
/// contents whatever happens, write under another name and `rename_file`. Throws `OsError`.
[[nodiscard]] Task<> write_file(std::string path, std::string contents);

/// Renames a file within its file system; what has the new name already is replaced, in one step.
/// Throws `OsError`.
[[nodiscard]] Task<> rename_file(std::string from, std::string to);

/// Removes a file's name. Throws `OsError`.
[[nodiscard]] Task<> remove_file(std::string path);

}  // namespace rondo
