// The floor of the echo scenarios: a hand-written, level-triggered epoll loop. TCP_NODELAY.
//
//   echo_epoll tcp://127.0.0.1:PORT/ COUNT CONNECTIONS BYTES

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <string_view>
#include <vector>

#include "peers/load.hpp"

namespace {

using bench::Load;

class Client {
 public:
  explicit Client(const Load& load)
      : message_(load.bytes, 'x'), buffer_(load.bytes), epoll_(::epoll_create1(0)) {
    for (std::size_t i = 0; i < load.concurrency; ++i) connect(load);
  }

  void run(std::size_t count) {
    std::size_t unsent = count;
    for (const int fd : sockets_) {
      if (unsent > 0) --unsent, send(fd);
    }
    std::array<epoll_event, 256> events{};
    while (count > 0) {
      const int ready = ::epoll_wait(epoll_, events.data(), events.size(), -1);
      for (int i = 0; i < ready; ++i) {
        const int fd = events.at(static_cast<std::size_t>(i)).data.fd;
        if (!receive(fd)) continue;
        --count;
        if (unsent > 0) --unsent, send(fd);
      }
    }
  }

 private:
  void connect(const Load& load) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{.sin_family = AF_INET,
                        .sin_port = htons(static_cast<in_port_t>(std::stoul(load.port))),
                        .sin_addr = {::inet_addr(load.host.c_str())},
                        .sin_zero = {}};
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      bench::fail("cannot connect");
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    sockets_.push_back(fd);
    received_.resize(static_cast<std::size_t>(fd) + 1);
  }

  void send(int fd) const {
    if (::send(fd, message_.data(), message_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(message_.size())) {
      bench::fail("cannot send");
    }
  }

  /// Whether an answer is complete.
  bool receive(int fd) {
    std::size_t& received = received_[static_cast<std::size_t>(fd)];
    const ssize_t size = ::recv(fd, buffer_.data(), buffer_.size() - received, MSG_DONTWAIT);
    if (size <= 0) bench::fail("the connection has ended");
    const std::string_view piece(buffer_.data(), static_cast<std::size_t>(size));
    if (message_.compare(received, piece.size(), piece) != 0) bench::fail("a wrong answer");
    received += piece.size();
    if (received < message_.size()) return false;
    received = 0;
    return true;
  }

  std::string message_;
  std::vector<char> buffer_;
  int epoll_;
  std::vector<int> sockets_;
  std::vector<std::size_t> received_;  // by descriptor
};

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  Client client(load);
  client.run(load.warm_up());
  const bench::Measurement measurement;
  client.run(load.count);
  measurement.print(load.count);
}
