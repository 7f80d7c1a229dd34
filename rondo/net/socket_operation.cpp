// Goes straight to the reactor of the loop.

#include "rondo/net/socket_operation.hpp"

namespace rondo::net::detail {

SocketOperation::SocketOperation(EventLoop& loop, Kind kind_of_operation, const Socket& socket,
                                 const SocketAddress* to) noexcept
    : loop_(loop) {
  kind = kind_of_operation;
  descriptor = socket.descriptor();
  if (to == nullptr) return;
  address = to->data();
  address_size = to->size();
}

bool SocketOperation::start(Operation& operation) {
  return loop_.reactor().submit(operation);
}

void SocketOperation::stop(Operation& operation) noexcept {
  loop_.reactor().cancel(operation);
}

}  // namespace rondo::net::detail
