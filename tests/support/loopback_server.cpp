// Between the search for a free port and its use by the server another process may take it. That
// is rare, so a few further attempts are enough, and any other failure just repeats itself.

#include "tests/support/loopback_server.hpp"

#include <stdexcept>

#include "tests/support/loopback_port.hpp"

namespace rondo::test {

LoopbackServer::LoopbackServer(const Command& command, const std::filesystem::path& output) {
  constexpr int kAttempts = 3;
  for (int attempt = 1; !process_; ++attempt) {
    try {
      start(command, output);
    } catch (const std::runtime_error&) {
      process_.reset();
      if (attempt == kAttempts) throw;
    }
  }
}

void LoopbackServer::start(const Command& command, const std::filesystem::path& output) {
  port_ = free_port();
  process_ = std::make_unique<ChildProcess>(command(port_), output);
  process_->wait_until([this] { return is_listening(port_); });
}

}  // namespace rondo::test
