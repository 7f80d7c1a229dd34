#pragma once
// All jobs of one command: the URLs of the command line, then those of the list.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rondo/runtime/task.hpp"

#include "cli/job.hpp"
#include "cli/line_reader.hpp"

namespace rondo::cli {

class Input {
 public:
  /// `list` is the descriptor of the list of URLs, or -1.
  Input(std::vector<std::string> urls, int list);

  /// The next job, numbered; nothing at the end. Throws `OsError`.
  Task<std::optional<Job>> next();

  /// How many jobs there are in all, as far as that can be said: exactly when the input has ended
  /// or is the command line alone, by the size of what was read so far when it is a file.
  [[nodiscard]] std::optional<std::uint64_t> expected() const noexcept;

 private:
  Task<std::optional<Job>> next_of_list();

  std::vector<std::string> urls_;
  std::size_t next_url_ = 0;
  std::optional<LineReader> list_;
  std::uint64_t count_ = 0;
  bool has_ended_ = false;
};

}  // namespace rondo::cli
