#pragma once
// A program on a terminal, as a user has it.

#include <string>
#include <string_view>
#include <vector>

namespace rondo::cli {

/// A child process whose standard input, output and error are a terminal of its own.
class PtyProgram {
 public:
  /// Starts `arguments[0]`, looked up in PATH. `environment` is added to the test's own:
  /// "NAME=value".
  PtyProgram(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
             int columns = 80, int rows = 24);
  PtyProgram(const PtyProgram&) = delete;
  PtyProgram& operator=(const PtyProgram&) = delete;
  ~PtyProgram();

  /// Reads on until `text` has come `times` times since the start. Throws after 20 silent seconds,
  /// or when the program ends before.
  void wait_for(std::string_view text, std::size_t times = 1);

  /// Types `keys`: "\x03" is Ctrl-C.
  void type(std::string_view keys) const;

  void resize(int columns, int rows) const;

  /// Reads to the end and gives the exit code, or 128 + the number of the signal that ended it.
  int wait();

  /// All that has come.
  [[nodiscard]] const std::string& output() const noexcept { return output_; }

 private:
  bool read_some();

  int terminal_ = -1;
  int pid_ = -1;
  std::string output_;
};

}  // namespace rondo::cli
