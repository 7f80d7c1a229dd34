#pragma once
// TCP connections and listeners.
//
//   auto stream = co_await rondo::net::TcpStream::connect(
//       *rondo::net::SocketAddress::parse("127.0.0.1:80"));

#include <cstdint>
#include <memory>
#include <type_traits>

#include "rondo/net/address.hpp"
#include "rondo/net/listener.hpp"
#include "rondo/net/socket_stream.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::net {

/// How a TCP connection is made.
struct TcpOptions {
  /// The local address to connect from; none: the system chooses. Its port is 0 as a rule.
  SocketAddress local = {};

  /// The index of the network interface that the connection has to take (SO_BINDTOIFINDEX); 0: the
  /// system chooses.
  std::uint32_t interface = 0;

  /// Whether the system probes an idle connection, so that one whose peer has vanished fails.
  bool keep_alive = false;
};
static_assert(std::is_trivially_destructible_v<TcpOptions>);

/// A TCP connection. Small writes leave at once (TCP_NODELAY).
class TcpStream final : public SocketStream {
 public:
  /// Connects to an IP address. Cancelling closes the attempt. Throws `OsError`, as in "cannot
  /// connect to 127.0.0.1:80: Connection refused", and `NoRunningLoopError`.
  [[nodiscard]] static Task<std::unique_ptr<ByteStream>> connect(SocketAddress address,
                                                                 TcpOptions options = {});

 private:
  friend class TcpListener;
  TcpStream(Socket socket, const SocketAddress& peer);
};

/// Accepts TCP connections. Belongs to the loop it was made under.
class TcpListener final : private Listener {
 public:
  /// Binds to `address` and listens; port 0: the system chooses one. An address that a listener had
  /// used just before can be used again at once. Throws `OsError`, and `NoRunningLoopError` outside
  /// a run.
  explicit TcpListener(const SocketAddress& address, ListenOptions options = {});

  /// Waits for the next connection. One call at a time. Cancelling loses no connection. Throws
  /// `OsError`; the listener can be used afterwards (`EMFILE`: when descriptors are free again).
  [[nodiscard]] Task<std::unique_ptr<ByteStream>> accept();

  using Listener::local_address;
};

}  // namespace rondo::net
