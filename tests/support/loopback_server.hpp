#pragma once
// A server program that is told its port.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/child_process.hpp"

namespace rondo::test {

/// Runs a server on a free port of 127.0.0.1, from the constructor's return on until its own end.
class LoopbackServer {
 public:
  /// Gives the command line of the server for a port; may write its configuration.
  using Command = std::function<std::vector<std::string>(int port)>;

  /// Returns when the server accepts TCP connections on its port. Should somebody have taken the
  /// port in the meantime, starts the server again on another one. The server's output goes to
  /// `output`. Throws `std::runtime_error` with that output when the server does not start.
  LoopbackServer(const Command& command, const std::filesystem::path& output);

  [[nodiscard]] int port() const noexcept { return port_; }

  /// "127.0.0.1:8080"
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  [[nodiscard]] ChildProcess& process() noexcept { return *process_; }
  [[nodiscard]] const ChildProcess& process() const noexcept { return *process_; }

 private:
  void start(const Command& command, const std::filesystem::path& output);

  int port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace rondo::test
