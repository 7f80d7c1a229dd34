#pragma once
// Whoever makes connections.

#include <memory>

#include "rondo/net/address.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::net {

/// Makes a connection to an address. Tests put their own in its place.
class Dialer {
 public:
  virtual ~Dialer() = default;

  /// Connects, or throws. Several calls may be under way at a time; cancelling one closes its
  /// attempt. The dialer outlives the task.
  [[nodiscard]] virtual Task<std::unique_ptr<ByteStream>> dial(SocketAddress address) = 0;
};

/// Connects for real: by TCP to IP addresses, else by a Unix socket.
class SocketDialer final : public Dialer {
 public:
  explicit SocketDialer(TcpOptions options = {}) noexcept : options_(options) {}
  [[nodiscard]] Task<std::unique_ptr<ByteStream>> dial(SocketAddress address) override;

 private:
  TcpOptions options_;
};

}  // namespace rondo::net
