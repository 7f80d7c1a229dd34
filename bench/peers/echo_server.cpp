// The server of the echo scenarios: an epoll loop that sends back what it gets. It listens on a
// free port of 127.0.0.1, prints the port, and works until it is killed.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace {

void watch(int epoll, int fd) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int listen_anywhere() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd, 4096) != 0)
    std::abort();
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return fd;
}

void accept_from(int listener, int epoll) {
  const int fd = ::accept(listener, nullptr, nullptr);
  if (fd < 0) return;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(epoll, fd);
}

void echo(int fd) {
  static std::array<char, 65536> buffer;
  const ssize_t size = ::recv(fd, buffer.data(), buffer.size(), 0);
  if (size <= 0 || ::send(fd, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) != size)
    ::close(fd);
}

}  // namespace

int main() {
  const int epoll = ::epoll_create1(0);
  const int listener = listen_anywhere();
  watch(epoll, listener);
  std::array<epoll_event, 256> events{};
  while (true) {
    const int ready = ::epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < ready; ++i) {
      const int fd = events.at(static_cast<std::size_t>(i)).data.fd;
      if (fd == listener) {
        accept_from(listener, epoll);
      } else {
        echo(fd);
      }
    }
  }
}
