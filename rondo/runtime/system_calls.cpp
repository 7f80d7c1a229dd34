// Non-blocking sockets only; MSG_NOSIGNAL, so that a peer that went away is an error and not a
// signal.

#include "rondo/runtime/system_calls.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace rondo::detail {

using Kind = Operation::Kind;

namespace {

bool would_wait() noexcept {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

bool ended(Operation& operation, std::int64_t result) noexcept {
  operation.result = result;
  return true;
}

template <class Receive>
bool receive(Operation& operation, Receive&& take) noexcept {
  while (true) {
    const ssize_t count = take();
    if (count >= 0) return ended(operation, count);
    if (errno == EINTR) continue;
    if (would_wait()) return false;
    return ended(operation, -errno);
  }
}

/// What the kernel says with a receive of how much it has left, tcp(7): TCP_INQ.
bool says_nothing_is_left(const msghdr& message) noexcept {
  const cmsghdr* const note = CMSG_FIRSTHDR(&message);
  if (note == nullptr || note->cmsg_level != IPPROTO_TCP || note->cmsg_type != TCP_CM_INQ) {
    return false;
  }
  int left = 0;
  std::memcpy(&left, CMSG_DATA(note), sizeof left);
  return left == 0;
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
  switch (operation.kind) {
    case Kind::receive:
      return receive(operation, [&] {
        return ::recv(operation.descriptor, operation.data, operation.size, 0);
      });
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

bool ask_for_rest(int descriptor) noexcept {
  const int yes = 1;
  return ::setsockopt(descriptor, IPPROTO_TCP, TCP_INQ, &yes, sizeof yes) == 0;
}

bool try_receive(Operation& operation, bool& has_rest) noexcept {
  iovec into{operation.data, operation.size};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> notes{};
  msghdr message{};
  message.msg_iov = &into;
  message.msg_iovlen = 1;
  const bool has_ended = receive(operation, [&] {
    message.msg_control = notes.data();
    message.msg_controllen = notes.size();
    return ::recvmsg(operation.descriptor, &message, 0);
  });
  has_rest = !has_ended || operation.result < 0 || !says_nothing_is_left(message);
  return has_ended;
}

bool try_receive_ahead(Operation& operation, std::optional<char>& ahead) noexcept {
  // Filled by the kernel as far as it is read.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  std::array<char, kMostCopied + 1> bytes;
  const std::size_t size = operation.size;
  const bool has_ended =
      receive(operation, [&] { return ::recv(operation.descriptor, bytes.data(), size + 1, 0); });
  if (!has_ended || operation.result <= 0) return has_ended;
  const auto count = static_cast<std::size_t>(operation.result);
  std::memcpy(operation.data, bytes.data(), std::min(count, size));
  if (count > size) {
    ahead = bytes[size];
    operation.result = static_cast<std::int64_t>(size);
  }
  return true;
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
