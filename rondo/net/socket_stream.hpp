#pragma once
// A connected socket as a stream of bytes.

#include <string>
#include <string_view>

#include "rondo/base/long_lived.hpp"
#include "rondo/net/byte_stream.hpp"
#include "rondo/net/socket.hpp"

namespace rondo::net {

/// What TCP and Unix streams have in common. Reads and writes go straight to the reactor. Used
/// under another loop, on another thread or after the loop's end, they throw `WrongLoopError`,
/// `WrongThreadError` or `LoopClosedError`; other failures are `OsError`s.
class SocketStream : public ByteStream, public LongLived {
 public:
  /// Sends the end of the stream (a FIN) behind what was written, and returns at once: the system
  /// delivers both in the background. The other direction stays open.
  Task<> shut_down() override;

  /// Makes the stream's destruction reset the connection: what the system has not sent yet is
  /// thrown away, and the peer's reads and writes fail with `ECONNRESET`. Throws `OsError`.
  void reset_on_close() const;

  [[nodiscard]] bool is_quiet() noexcept override;
  [[nodiscard]] std::string_view peer() const noexcept override { return peer_; }

  /// This end of the connection. Throws `OsError`.
  [[nodiscard]] SocketAddress local_address() const { return socket_.local_address(); }

  bool start(rondo::detail::Operation& operation) noexcept override;
  void stop(rondo::detail::Operation& operation) noexcept override;
  [[noreturn]] void throw_error(const rondo::detail::Operation& operation) const override;

 protected:
  SocketStream(Socket socket, std::string peer) noexcept
      : socket_(std::move(socket)), peer_(std::move(peer)) {}

  [[nodiscard]] const Socket& socket() const noexcept { return socket_; }

 private:
  [[nodiscard]] std::string name() const { return "the connection to " + peer_; }

  Socket socket_;
  std::string peer_;
};

}  // namespace rondo::net
