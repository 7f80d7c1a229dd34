// Non-blocking sockets only; MSG_NOSIGNAL, so that a peer that went away is an error and not a
// signal.

#include "rondo/runtime/system_calls.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace rondo::detail {
namespace {

bool would_wait() noexcept {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

bool ended(Operation& operation, std::int64_t result) noexcept {
  operation.result = result;
  return true;
}

bool receive(Operation& operation) noexcept {
  while (true) {
    const ssize_t count = ::recv(operation.descriptor, operation.data, operation.size, 0);
    if (count >= 0) return ended(operation, count);
    if (errno == EINTR) continue;
    if (would_wait()) return false;
    return ended(operation, -errno);
  }
}

ssize_t send_parts(const Operation& operation) noexcept {
  const auto& [first, second] = operation.parts;
  if (second.empty()) {
    return ::send(operation.descriptor, first.data(), first.size(), MSG_NOSIGNAL);
  }
  std::array<iovec, 2> pieces{{{const_cast<char*>(first.data()), first.size()},
                               {const_cast<char*>(second.data()), second.size()}}};
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = pieces.size();
  return ::sendmsg(operation.descriptor, &message, MSG_NOSIGNAL);
}

bool send(Operation& operation) noexcept {
  while (!operation.parts[0].empty() || !operation.parts[1].empty()) {
    const ssize_t count = send_parts(operation);
    if (count >= 0) {
      advance(operation, static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      if (would_wait()) return false;
      return ended(operation, -errno);
    }
  }
  return true;
}

bool accept(Operation& operation) noexcept {
  while (true) {
    const int accepted =
        ::accept4(operation.descriptor, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted >= 0) return ended(operation, accepted);
    // A connection that ended while it waited in the queue is not the listener's failure.
    if (errno == EINTR || errno == ECONNABORTED) continue;
    if (would_wait()) return false;
    return ended(operation, -errno);
  }
}

bool is_ready(Operation& operation, short events) noexcept {
  pollfd descriptor{operation.descriptor, events, 0};
  const int count = ::poll(&descriptor, 1, 0);
  if (count == 0 || (count < 0 && errno == EINTR)) return false;
  return ended(operation, count > 0 ? 0 : -errno);
}

}  // namespace

void advance(Operation& operation, std::size_t count) noexcept {
  operation.result += static_cast<std::int64_t>(count);
  for (auto& part : operation.parts) {
    const std::size_t taken = std::min(count, part.size());
    part.remove_prefix(taken);
    count -= taken;
  }
}

bool try_operation(Operation& operation) noexcept {
  using Kind = Operation::Kind;
  switch (operation.kind) {
    case Kind::receive:
      return receive(operation);
    case Kind::send:
      return send(operation);
    case Kind::accept:
      return accept(operation);
    case Kind::connect:
      finish_connect(operation);
      return true;
    case Kind::readable:
      return is_ready(operation, POLLIN);
    case Kind::writable:
      return is_ready(operation, POLLOUT);
    case Kind::file:
      break;
  }
  return ended(operation, -EINVAL);
}

bool start_connect(Operation& operation) noexcept {
  const auto* address = static_cast<const sockaddr*>(operation.address);
  if (::connect(operation.descriptor, address, operation.address_size) == 0) {
    return ended(operation, 0);
  }
  // An interrupted connect goes on in the background, exactly as one in progress does.
  if (errno == EINPROGRESS || errno == EINTR) return false;
  return ended(operation, -errno);
}

void finish_connect(Operation& operation) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(operation.descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  operation.result = -error;
}

}  // namespace rondo::detail
