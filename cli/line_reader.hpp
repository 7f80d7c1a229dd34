#pragma once
// The lines of a file or pipe, as they arrive.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/runtime/task.hpp"

namespace rondo::cli {

/// Reads a descriptor that stays open until the run has ended. Holds one block and one line at
/// most; the loop goes on while it waits.
class LineReader {
 public:
  /// What is beyond this many bytes of a line is dropped.
  static constexpr std::size_t kMaxLine = std::size_t{64} << 20;

  explicit LineReader(int descriptor);

  /// The next line without its line feed, nothing at the end; the last line may lack the line feed.
  /// A byte order mark in front of the first line is passed over. The view lasts until the next
  /// call. Throws `OsError`.
  Task<std::optional<std::string_view>> next();

  /// Whether `next` would give a line without waiting.
  [[nodiscard]] bool has_line() const noexcept {
    return buffer_.find('\n', begin_) != std::string::npos;
  }

  /// Bytes read so far, and those of the whole file if it is one.
  [[nodiscard]] std::size_t position() const noexcept {
    return position_ - (buffer_.size() - begin_);
  }
  [[nodiscard]] std::optional<std::size_t> file_size() const noexcept { return file_size_; }

 private:
  Task<bool> fill();
  Task<std::size_t> read_block();
  std::optional<std::string_view> cut_line();
  std::string_view take(std::size_t size, std::size_t with_end);

  int descriptor_;
  std::optional<std::size_t> file_size_;
  std::string buffer_;
  std::size_t begin_ = 0;     // of the next line in the buffer
  std::size_t searched_ = 0;  // no line feed before here
  std::size_t position_ = 0;
  bool is_skipping_ = false;  // the rest of a line that was too long
  bool is_first_ = true;
};

}  // namespace rondo::cli
