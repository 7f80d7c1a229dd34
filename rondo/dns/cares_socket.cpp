// c-ares opens, uses and closes its sockets through these functions, because the reactor must hear
// of a close: it keeps state by descriptor number. A wait is level-triggered: it is started again
// after each visit to c-ares, and ends at once while there is something left to read.

#include "rondo/dns/cares_socket.hpp"

#include <ares.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

#include "rondo/dns/cares_channel.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::dns::detail {
namespace {

int open_socket(int family, int type, int protocol, void*) noexcept {
  return ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}

int close_socket(int descriptor, void* loop) noexcept {
  static_cast<EventLoop*>(loop)->reactor().close(descriptor);
  return 0;
}

int connect_socket(int descriptor, const sockaddr* address, ares_socklen_t size, void*) noexcept {
  return ::connect(descriptor, address, size);
}

ares_ssize_t receive(int descriptor, void* data, std::size_t size, int flags, sockaddr* from,
                     ares_socklen_t* from_size, void*) noexcept {
  return ::recvfrom(descriptor, data, size, flags, from, from_size);
}

ares_ssize_t send(int descriptor, const iovec* pieces, int count, void*) noexcept {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces);
  message.msg_iovlen = static_cast<std::size_t>(count);
  const ssize_t sent = ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
  if (sent >= 0 || errno != ECONNREFUSED) return sent;
  // That was the fate of an earlier datagram, and c-ares would take it for that of this one and let
  // the earlier one time out. Sent again, this one brings an error of its own, which c-ares reads
  // as what it is: nobody is there.
  return ::sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

constexpr ares_socket_functions kFunctions{open_socket, close_socket, connect_socket, receive,
                                           send};

}  // namespace

void CaresSocket::install(ares_channeldata* channel, EventLoop& loop) noexcept {
  ::ares_set_socket_functions(channel, &kFunctions, &loop);
}

CaresSocket::CaresSocket(CaresChannel& channel, rondo::detail::Reactor& reactor,
                         int descriptor) noexcept
    : reader_(channel, reactor, rondo::detail::Operation::Kind::readable, descriptor),
      writer_(channel, reactor, rondo::detail::Operation::Kind::writable, descriptor) {}

CaresSocket::~CaresSocket() {
  reader_.stop();
  writer_.stop();
}

void CaresSocket::want(bool reads, bool writes) noexcept {
  reader_.wanted = reads;
  writer_.wanted = writes;
}

void CaresSocket::watch() noexcept {
  reader_.watch();
  writer_.watch();
}

CaresSocket::Wait::Wait(CaresChannel& channel, rondo::detail::Reactor& reactor, Kind kind_of_wait,
                        int of_descriptor) noexcept
    : Operation(&Wait::on_complete), channel_(channel), reactor_(reactor) {
  kind = kind_of_wait;
  descriptor = of_descriptor;
}

void CaresSocket::Wait::watch() noexcept {
  if (!wanted) return stop();
  if (pending_ || ready_) return;
  pending_ = !reactor_.submit(*this);
  if (!pending_) has_ended();
}

void CaresSocket::Wait::stop() noexcept {
  if (pending_) reactor_.cancel(*this);
  ready_ = false;
}

bool CaresSocket::Wait::take_ready() noexcept {
  return std::exchange(ready_, false);
}

void CaresSocket::Wait::on_complete(Operation& operation) noexcept {
  static_cast<Wait&>(operation).has_ended();
}

void CaresSocket::Wait::has_ended() noexcept {
  pending_ = false;
  if (result < 0) {
    // Stopped, or the system cannot watch it: then c-ares meets its time-out.
    wanted = false;
    return;
  }
  ready_ = true;
  channel_.needs_to_run();
}

}  // namespace rondo::dns::detail
