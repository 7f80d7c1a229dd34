#pragma once
// The built command, run as a user runs it.

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace rondo::cli {

using Json = nlohmann::ordered_json;

/// A `rondo` that runs. Its standard output and standard error go to files.
class RunningCommand {
 public:
  struct Options {
    /// Content of standard input.
    std::string input = {};
    /// Standard input is this instead, if it is not empty: a FIFO.
    std::filesystem::path input_path = {};
    /// Standard output is this instead, if it is not empty.
    std::filesystem::path output_path = {};
    std::vector<std::string> environment = {};
  };

  RunningCommand(const std::vector<std::string>& arguments, const Options& options);
  explicit RunningCommand(const std::vector<std::string>& arguments)
      : RunningCommand(arguments, Options()) {}

  [[nodiscard]] test::ChildProcess& process() noexcept { return *process_; }

  /// What it has written so far.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

  /// Waits for its end and gives its exit code. Throws when it takes longer than 30 seconds.
  int wait();

 private:
  test::TemporaryDirectory directory_;
  std::filesystem::path output_;
  std::unique_ptr<test::ChildProcess> process_;
};

/// What a command has left behind.
struct Outcome {
  int code = 0;
  std::string out;
  std::string err;

  /// Standard output as JSON lines. Throws when there is anything else in it.
  [[nodiscard]] std::vector<Json> lines() const;

  /// The only JSON line. Throws when there is not exactly one.
  [[nodiscard]] Json line() const;
};

/// Runs `rondo` with `arguments` to its end.
[[nodiscard]] Outcome run_command(const std::vector<std::string>& arguments,
                                  const RunningCommand::Options& options);
[[nodiscard]] inline Outcome run_command(const std::vector<std::string>& arguments) {
  return run_command(arguments, RunningCommand::Options());
}

/// `rondo fetch --jsonl --quiet` with `arguments`, of which one is a URL.
[[nodiscard]] Json fetch_json(std::vector<std::string> arguments);

/// The whole content of a file.
[[nodiscard]] std::string content_of(const std::filesystem::path& path);

}  // namespace rondo::cli
