// Linux hands out the network errors of a connection that died in the queue as errors of accept:
// they are not the listener's (accept(2)).

#include "rondo/net/listener.hpp"

#include <sys/socket.h>

#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/net/socket_operation.hpp"

namespace rondo::net {
namespace {

bool is_of_the_connection(std::int64_t code) noexcept {
  switch (-code) {
    case ENETDOWN:
    case EPROTO:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EOPNOTSUPP:
    case ECONNABORTED:
      return true;
    default:
      return false;
  }
}

}  // namespace

Listener::Listener(const SocketAddress& address, ListenOptions options)
    : socket_(Socket::open_stream(get_running_loop(), address)) {
  if (address.is_ip()) socket_.set_option(SOL_SOCKET, SO_REUSEADDR, 1, "allow a port to be reused");
  socket_.bind(address);
  if (::listen(socket_.descriptor(), options.backlog) != 0) {
    throw OsError(errno, "listen on " + address.to_string());
  }
  local_address_ = socket_.local_address();
}

Task<Socket> Listener::accept_socket() {
  const std::string name = local_address_.to_string();
  EventLoop& loop = socket_.require_loop("accept()", "the listener on " + name);
  while (true) {
    const std::int64_t result = co_await detail::SocketOperation::accept(loop, socket_);
    if (result >= 0) co_return Socket(loop, static_cast<int>(result));
    if (!is_of_the_connection(result)) {
      throw OsError(static_cast<int>(-result), "accept on " + name);
    }
  }
}

}  // namespace rondo::net
