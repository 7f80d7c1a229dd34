// The system names a port that is free for TCP, and the same number is then tried for UDP. A bound
// socket that never listened leaves nothing behind that would keep the port busy.

#include "tests/support/loopback_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace rondo::test {

class LoopbackSocket {
 public:
  explicit LoopbackSocket(int type) : descriptor_(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {}
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;
  ~LoopbackSocket() { ::close(descriptor_); }

  [[nodiscard]] bool bind(int port) const {
    const sockaddr_in address = loopback(port);
    return ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  [[nodiscard]] bool connect(int port) const {
    const sockaddr_in address = loopback(port);
    return ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  [[nodiscard]] int port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  int descriptor_;
};

int free_port() {
  constexpr int kAttempts = 100;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const LoopbackSocket stream(SOCK_STREAM);
    if (!stream.bind(0)) break;
    const LoopbackSocket datagrams(SOCK_DGRAM);
    if (datagrams.bind(stream.port())) return stream.port();
  }
  throw std::system_error(errno, std::generic_category(), "find a free port");
}

// Bound for TCP alone: datagrams are refused only where no socket is.
RefusingPort::RefusingPort() : socket_(std::make_unique<LoopbackSocket>(SOCK_STREAM)) {
  if (!socket_->bind(0)) throw std::system_error(errno, std::generic_category(), "bind a port");
}

RefusingPort::~RefusingPort() = default;

int RefusingPort::number() const {
  return socket_->port();
}

std::string RefusingPort::address() const {
  return "127.0.0.1:" + std::to_string(number());
}

std::string RefusingPort::url() const {
  return "http://" + address() + "/";
}

bool is_listening(int port) {
  return LoopbackSocket(SOCK_STREAM).connect(port);
}

}  // namespace rondo::test
