// The address says what kind of socket it needs. A local address is of no use to the other family.

#include "rondo/net/dialer.hpp"

#include "rondo/net/unix_socket.hpp"

namespace rondo::net {

Task<std::unique_ptr<ByteStream>> SocketDialer::dial(SocketAddress address) {
  if (address.family() == SocketAddress::Family::local) return UnixStream::connect(address);
  return TcpStream::connect(address, options_);
}

}  // namespace rondo::net
