#pragma once
// All jobs of one command: the URLs of the command line, then those of the list.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/runtime/task.hpp"

#include "cli/csv_input.hpp"
#include "cli/job.hpp"
#include "cli/line_reader.hpp"

namespace rondo::cli {

/// A URL of the command line, or a line of the list that is not blank and no comment; for a row of
/// CSV, the JSON object that says the same.
struct InputLine {
  std::string_view text;
  bool is_argument = false;
};

/// The job that `line` says, without a number.
[[nodiscard]] JobPtr job_of(const InputLine& line);

class Input {
 public:
  /// `list` is the descriptor of the list of URLs, or -1.
  Input(std::vector<std::string> urls, int list);

  /// The next job, numbered; null at the end. Throws `OsError`.
  Task<JobPtr> next();

  /// The same as text, which lasts until the next call. Either `next` or this is used.
  Task<std::optional<InputLine>> next_line();

  /// Whether `next_line` would not wait.
  [[nodiscard]] bool has_line() const noexcept {
    return next_url_ < urls_.size() || (list_ && list_->has_line());
  }

  /// Whether it can be read once more from the start, which `rewind` is for.
  [[nodiscard]] bool can_rewind() const noexcept { return !list_ || list_->file_size(); }
  void rewind();

  /// How many jobs there are in all, as far as that can be said: exactly when the input has ended
  /// or is the command line alone, by the size of what was read so far when it is a file.
  [[nodiscard]] std::optional<std::uint64_t> expected() const noexcept;

 private:
  [[nodiscard]] bool is_header(std::string_view line);

  std::vector<std::string> urls_;
  std::size_t next_url_ = 0;
  int list_descriptor_;
  std::optional<LineReader> list_;
  std::uint64_t count_ = 0;
  bool has_ended_ = false;
  bool is_first_line_ = true;          // of the list
  std::optional<CsvColumns> columns_;  // if the list is CSV
  std::string row_;                    // as the line that says the same
};

}  // namespace rondo::cli
