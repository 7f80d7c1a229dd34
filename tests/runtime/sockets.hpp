#pragma once
// Sockets on loopback for tests of the reactors.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace rondo {

/// A descriptor that is closed in the end, unless it was handed over.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) throw std::runtime_error("no descriptor");
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  [[nodiscard]] int get() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }
  void close() noexcept {
    if (number_ >= 0) ::close(release());
  }

 private:
  int number_;
};

/// Two connected stream sockets; the first does not block, the second, the test's own end, does
/// not either.
inline std::pair<Descriptor, Descriptor> socket_pair(int type = SOCK_STREAM) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("no socket pair");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// A TCP socket that listens on a free port of loopback, and its address.
struct Listener {
  explicit Listener(int backlog = 16)
      : descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor.get(), generic, size) != 0 || ::listen(descriptor.get(), backlog) != 0 ||
        ::getsockname(descriptor.get(), generic, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
  }

  Descriptor descriptor;
  sockaddr_in address{};
};

inline Descriptor tcp_socket() {
  return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/// Two ends of a TCP connection, neither of which blocks.
inline std::pair<Descriptor, Descriptor> tcp_pair() {
  const Listener listener;
  Descriptor ours = tcp_socket();
  const auto* address = reinterpret_cast<const sockaddr*>(&listener.address);
  // On loopback a connection is there at once, whether it says so or not.
  static_cast<void>(::connect(ours.get(), address, sizeof listener.address));
  Descriptor theirs(
      ::accept4(listener.descriptor.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  return {std::move(ours), std::move(theirs)};
}

inline void put(int descriptor, std::string_view text) {
  if (::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("short write");
  }
}

/// Ends a connection in bad order.
inline void reset(Descriptor descriptor) {
  const linger at_once{1, 0};
  ::setsockopt(descriptor.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/// Takes what has come.
inline std::string take(int descriptor) {
  std::string all;
  char buffer[4096];
  while (true) {
    const ssize_t count = ::recv(descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count <= 0) return all;
    all.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace rondo
