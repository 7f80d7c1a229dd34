#pragma once
// Awaiting an operation on a socket that is no stream yet: connecting and accepting.

#include "rondo/net/address.hpp"
#include "rondo/net/socket.hpp"
#include "rondo/runtime/operation_awaiter.hpp"

namespace rondo::net::detail {

/// Gives the operation's result, or a negative errno; throws `Cancelled`. The socket must belong to
/// the running loop, and lives as long as the await.
class SocketOperation final : public rondo::detail::OperationAwaiter {
 public:
  [[nodiscard]] static SocketOperation connect(EventLoop& loop, const Socket& socket,
                                               const SocketAddress& address) noexcept {
    return {loop, Kind::connect, socket, &address};
  }
  [[nodiscard]] static SocketOperation accept(EventLoop& loop, const Socket& socket) noexcept {
    return {loop, Kind::accept, socket, nullptr};
  }

  [[nodiscard]] std::int64_t await_resume() const { return ended(); }

 private:
  SocketOperation(EventLoop& loop, Kind kind_of_operation, const Socket& socket,
                  const SocketAddress* to) noexcept;
  bool start(Operation& operation) override;
  void stop(Operation& operation) noexcept override;

  EventLoop& loop_;
};

}  // namespace rondo::net::detail
