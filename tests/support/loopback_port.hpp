#pragma once
// Ports on 127.0.0.1: for servers that are told their port, and where nobody is.

#include <memory>
#include <string>

namespace rondo::test {

class LoopbackSocket;

/// A port that is free for TCP and UDP alike at the moment of the call.
[[nodiscard]] int free_port();

/// A port that refuses connections and datagrams, for as long as the object lives: it is bound, so
/// that no server can be given it meanwhile, and nobody listens.
class RefusingPort {
 public:
  RefusingPort();
  RefusingPort(const RefusingPort&) = delete;
  RefusingPort& operator=(const RefusingPort&) = delete;
  ~RefusingPort();

  [[nodiscard]] int number() const;

  /// As in 127.0.0.1:4711.
  [[nodiscard]] std::string address() const;

  /// As in http://127.0.0.1:4711/.
  [[nodiscard]] std::string url() const;

 private:
  std::unique_ptr<LoopbackSocket> socket_;
};

/// Whether somebody accepts TCP connections on 127.0.0.1:`port`.
[[nodiscard]] bool is_listening(int port);

}  // namespace rondo::test
