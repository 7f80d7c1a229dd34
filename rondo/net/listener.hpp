#pragma once
// What listening for TCP and for Unix connections has in common.

#include "rondo/net/address.hpp"
#include "rondo/net/socket.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::net {

/// How a listener listens.
struct ListenOptions {
  /// At most this many connections wait to be accepted; the system may allow fewer.
  int backlog = 1024;
};

/// A listening socket. Destroying it closes it; not while `accept` is under way.
class Listener {
 public:
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Where it listens, with the port that the system chose.
  [[nodiscard]] const SocketAddress& local_address() const noexcept { return local_address_; }

 protected:
  Listener(const SocketAddress& address, ListenOptions options);
  ~Listener() = default;

  /// Waits for the next connection and gives its socket.
  [[nodiscard]] Task<Socket> accept_socket();

 private:
  Socket socket_;
  SocketAddress local_address_;
};

}  // namespace rondo::net
