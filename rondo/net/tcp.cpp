// A TCP socket that connects to a port of its own machine which nobody listens on can meet itself,
// if the system picks that very port as its own (RFC 9293 §3.5, simultaneous open). That is refused
// here, as every caller expects.

#include "rondo/net/tcp.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/net/socket_operation.hpp"

namespace rondo::net {
namespace {

/// The lowest port that Linux ever gives to a connecting socket.
constexpr std::uint16_t kLowestEphemeral = 1024;

void bind_local(const Socket& socket, const SocketAddress& local) {
  // The port is chosen at connect, when the peer is known: two connections to different peers may
  // then have the same one.
  if (local.port() == 0) {
    socket.set_option(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1, "choose the local port late");
  }
  socket.bind(local);
}

bool has_met_itself(const Socket& socket, const SocketAddress& peer) {
  return peer.port() >= kLowestEphemeral && socket.local_address() == peer;
}

}  // namespace

TcpStream::TcpStream(Socket socket, const SocketAddress& peer)
    : SocketStream(std::move(socket), peer.to_string()) {
  this->socket().set_option(IPPROTO_TCP, TCP_NODELAY, 1, "switch Nagle's algorithm off");
}

Task<std::unique_ptr<ByteStream>> TcpStream::connect(SocketAddress address, TcpOptions options) {
  EventLoop& loop = get_running_loop();
  const std::string words = "connect to " + address.to_string();
  if (!address.is_ip()) throw OsError(EAFNOSUPPORT, words);
  Socket socket = Socket::open_stream(loop, address);
  if (options.keep_alive) socket.set_option(SOL_SOCKET, SO_KEEPALIVE, 1, "switch keep-alive on");
  if (options.interface != 0) {
    socket.set_option(SOL_SOCKET, SO_BINDTOIFINDEX, static_cast<int>(options.interface),
                      "bind to the network interface");
  }
  if (options.local.is_ip()) bind_local(socket, options.local);
  const std::int64_t result = co_await detail::SocketOperation::connect(loop, socket, address);
  if (result < 0) throw OsError(static_cast<int>(-result), words);
  if (has_met_itself(socket, address)) throw OsError(ECONNREFUSED, words);
  co_return std::unique_ptr<ByteStream>(new TcpStream(std::move(socket), address));
}

TcpListener::TcpListener(const SocketAddress& address, ListenOptions options)
    : Listener(address, options) {}

Task<std::unique_ptr<ByteStream>> TcpListener::accept() {
  while (true) {
    Socket socket = co_await accept_socket();
    try {
      const SocketAddress peer = socket.peer_address();
      co_return std::unique_ptr<ByteStream>(new TcpStream(std::move(socket), peer));
    } catch (const OsError&) {
      continue;  // the peer went away between the accept and here: the next one, please
    }
  }
}

}  // namespace rondo::net
