#pragma once
// What goes to standard output: bodies, JSON lines, tables. Never lost in silence, never in the way
// of the transfers.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/runtime/semaphore.hpp"
#include "rondo/runtime/task.hpp"

#include "cli/terminal_text.hpp"

namespace rondo::cli {

/// Gathers what is written, and passes it on as fast as the other end takes it. One loop only;
/// `finish` comes after the run.
class StandardOutput {
 public:
  /// Above this many bytes whoever writes should `drain` before it writes more.
  static constexpr std::size_t kHighWater = std::size_t{256} * 1024;

  explicit StandardOutput(int descriptor);
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  /// Takes a copy of `bytes`. Never waits.
  void write(std::string_view bytes);

  /// The same for a part of what a server has sent. A terminal gets it filtered, lest the server
  /// steers it; a pipe or a file gets it as it is.
  void write_body(std::string_view bytes);

  [[nodiscard]] bool is_full() const noexcept { return pending() >= kHighWater; }

  /// Waits until at most `left` bytes are still to be written, or writing has failed.
  Task<> drain(std::size_t left);

  /// Writes what comes, until it is cancelled, or until writing fails: then it returns. Runs beside
  /// those who write.
  Task<> pump();

  /// Writes all that is left, and blocks meanwhile. Throws `OsError` if this, or the pump, failed.
  void finish();

 private:
  [[nodiscard]] std::size_t pending() const noexcept { return buffer_.size() - written_; }
  void write_some(std::size_t most);
  void release_waiting();

  int descriptor_;
  std::size_t piece_;                     // what surely fits once the descriptor is ready
  std::optional<TerminalFilter> filter_;  // of bodies, where there is a terminal
  std::string buffer_;
  std::size_t written_ = 0;   // of the buffer
  bool is_idle_ = false;      // the pump waits for something to write
  std::size_t draining_ = 0;  // how many wait for room
  Semaphore data_{0};
  Semaphore room_{0};
  int error_ = 0;  // an errno: the reader has gone, the disk is full
};

}  // namespace rondo::cli
