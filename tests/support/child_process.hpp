#pragma once
// A program that a test runs beside itself: a DNS or HTTP server, the command under test.

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rondo::test {

/// A child process. Its output goes to a file, so that it never blocks on a full pipe. The
/// destructor ends it and waits for its end; should the test die first, the system kills it.
class ChildProcess {
 public:
  struct Options {
    /// Variables that are added to the test's own environment, as in "NAME=value".
    std::vector<std::string> environment = {};
    /// Where the child starts; empty: where the test is.
    std::filesystem::path directory = {};
  };

  /// Starts `arguments[0]`, which is looked up in PATH and in the directories of system commands.
  /// Standard output and standard error go to `output`, standard input is empty. Throws
  /// `std::system_error` when there is no such program.
  ChildProcess(const std::vector<std::string>& arguments, std::filesystem::path output,
               const Options& options);
  ChildProcess(const std::vector<std::string>& arguments, std::filesystem::path output)
      : ChildProcess(arguments, std::move(output), Options()) {}
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  [[nodiscard]] int pid() const noexcept { return pid_; }

  /// Waits for the child's end, at most `limit`; false when it still runs then.
  [[nodiscard]] bool wait_for_end(std::chrono::milliseconds limit);
  [[nodiscard]] bool has_ended() { return wait_for_end(std::chrono::milliseconds(0)); }

  /// Sends a signal; nothing happens after the child's end.
  void signal(int number);

  /// The exit code, or 128 + the number of the signal that ended it. After `wait_for_end` only.
  [[nodiscard]] int exit_code() const;

  /// What the child has written so far.
  [[nodiscard]] std::string output() const;

  /// Asks `is_ready` again and again until it says yes. Throws `std::runtime_error` with the
  /// child's output when the child ends first, or after 20 seconds.
  void wait_until(const std::function<bool()>& is_ready);

 private:
  int pid_ = -1;
  int pid_descriptor_ = -1;
  int exit_code_ = -1;
  std::filesystem::path output_;
};

}  // namespace rondo::test
