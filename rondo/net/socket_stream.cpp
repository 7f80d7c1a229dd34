// Each start asks whether the running loop is the socket's own: two loads and two comparisons. A
// start that finds it is not ends the operation, and the await then asks again and throws what is
// wrong.

#include "rondo/net/socket_stream.hpp"

#include <cerrno>

namespace rondo::net {

Task<> SocketStream::shut_down() {
  static_cast<void>(socket_.require_loop("shut_down()", name()));
  socket_.end_sending();
  co_return;
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
