// The floor: a hand-written epoll loop that sends a fixed request and counts the bytes that come
// back. It parses nothing but the first answer's length, and has no names, no time-outs, no
// redirects, nothing. TCP_NODELAY, level-triggered, one receive of up to 256 KiB an event.
//
// RONDO_BENCH_KEEP=1: each answer is received into memory of its own, as by who wants the body.
// RONDO_BENCH_NAP=N: it sleeps for N microseconds before each wait, to be woken once for several.
// RONDO_BENCH_SPIN=N: before it sleeps, it asks for N microseconds whether anything has come.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "peers/load.hpp"

namespace {

using bench::Load;

std::vector<char> buffer(256 * 1024);

/// What has come of an answer, and where it is kept if it is.
struct Answer {
  std::size_t received = 0;
  std::unique_ptr<char[]> memory = {};
};

/// How it waits: until something has come, or as the environment says.
class Patience {
 public:
  int wait(int epoll, std::span<epoll_event> events) const {
    const auto size = static_cast<int>(events.size());
    if (nap_.count() > 0) std::this_thread::sleep_for(nap_);
    if (spin_.count() > 0) {
      const auto until = std::chrono::steady_clock::now() + spin_;
      do {
        if (const int ready = ::epoll_wait(epoll, events.data(), size, 0); ready != 0) return ready;
      } while (std::chrono::steady_clock::now() < until);
    }
    return ::epoll_wait(epoll, events.data(), size, -1);
  }

 private:
  std::chrono::microseconds spin_ = bench::spin();
  std::chrono::microseconds nap_ = bench::nap();
};

class Client {
 public:
  explicit Client(const Load& load)
      : request_("GET " + load.target + " HTTP/1.1\r\nHost: " + load.host + ":" + load.port +
                 "\r\n\r\n"),
        epoll_(::epoll_create1(0)) {
    for (std::size_t i = 0; i < load.concurrency; ++i) connect(load);
    length_ = length_of_first_answer(load);
  }

  void run(std::size_t count) {
    std::size_t unsent = count;
    for (const int fd : sockets_) {
      if (unsent > 0) --unsent, send(fd);
    }
    std::array<epoll_event, 256> events{};
    while (count > 0) {
      const int ready = patience_.wait(epoll_, events);
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
    answers_.resize(static_cast<std::size_t>(fd) + 1);
  }

  std::size_t length_of_first_answer(const Load& load) {
    send(sockets_.front());
    std::string head;
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
      const ssize_t size = ::recv(sockets_.front(), buffer.data(), 4096, 0);
      if (size <= 0) bench::fail("the connection has ended");
      head.append(buffer.data(), static_cast<std::size_t>(size));
      end = head.find("\r\n\r\n");
    }
    if (!head.starts_with("HTTP/1.1 200 ")) bench::fail("a wrong answer");
    const std::size_t length = end + 4 + load.bytes;
    for (std::size_t left = length - head.size(); left > 0;) {
      const ssize_t size =
          ::recv(sockets_.front(), buffer.data(), std::min(left, buffer.size()), 0);
      if (size <= 0) bench::fail("the connection has ended");
      left -= static_cast<std::size_t>(size);
    }
    return length;
  }

  void send(int fd) const {
    if (::send(fd, request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size())) {
      bench::fail("cannot send");
    }
  }

  /// Whether an answer is complete.
  bool receive(int fd) {
    Answer& answer = answers_[static_cast<std::size_t>(fd)];
    const std::span<char> into = room(answer);
    const ssize_t size = ::recv(fd, into.data(), into.size(), MSG_DONTWAIT);
    if (size <= 0) bench::fail("the connection has ended");
    answer.received += static_cast<std::size_t>(size);
    if (answer.received < length_) return false;
    answer = Answer();
    return true;
  }

  std::span<char> room(Answer& answer) const {
    if (!keeps_) return buffer;
    if (!answer.memory) answer.memory = std::make_unique_for_overwrite<char[]>(length_);
    return std::span(answer.memory.get(), length_).subspan(answer.received);
  }

  Patience patience_;
  bool keeps_ = std::getenv("RONDO_BENCH_KEEP") != nullptr;
  std::string request_;
  int epoll_;
  std::vector<int> sockets_;
  std::vector<Answer> answers_;  // by descriptor
  std::size_t length_ = 0;       // of each
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
