// Each start asks whether the running loop is the socket's own: two loads and two comparisons. A
// start that finds it is not ends the operation, and the await then asks again and throws what is
// wrong.

#include "rondo/net/socket_stream.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "rondo/base/error.hpp"

namespace rondo::net {

Task<> SocketStream::shut_down() {
  static_cast<void>(socket_.require_loop("shut_down()", name()));
  socket_.end_sending();
  co_return;
}

void SocketStream::reset_on_close() const {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  if (::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) != 0) {
    throw OsError(errno, "have " + name() + " reset");
  }
}

bool SocketStream::is_quiet() noexcept {
  EventLoop* loop = socket_.loop();
  return loop != nullptr && loop->reactor().is_quiet(socket_.descriptor());
}

bool SocketStream::start(rondo::detail::Operation& operation) noexcept {
  EventLoop* loop = socket_.loop();
  if (loop == nullptr) {
    operation.result = -ENOTSOCK;
    return true;
  }
  operation.descriptor = socket_.descriptor();
  return loop->reactor().submit(operation);
}

void SocketStream::stop(rondo::detail::Operation& operation) noexcept {
  if (EventLoop* loop = socket_.loop()) loop->reactor().cancel(operation);
}

void SocketStream::throw_error(const rondo::detail::Operation& operation) const {
  const bool reads = operation.kind == rondo::detail::Operation::Kind::receive;
  static_cast<void>(socket_.require_loop(reads ? "read()" : "write()", name()));
  ByteStream::throw_error(operation);
}

}  // namespace rondo::net
