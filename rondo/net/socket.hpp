#pragma once
// A descriptor with an owner and a loop.

#include <optional>
#include <string>
#include <utility>

#include "rondo/net/address.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::net {

/// Owns a socket descriptor that belongs to one loop, and closes it: through the loop's reactor,
/// which has to forget what it knows of the descriptor; on another thread by handing it over to the
/// loop; directly once the loop is closed. Move-only.
class Socket {
 public:
  /// No socket.
  Socket() noexcept = default;

  /// Takes over a non-blocking descriptor.
  Socket(EventLoop& loop, int descriptor) : handle_(loop.reference()), descriptor_(descriptor) {}

  /// Opens a non-blocking stream socket for addresses like `address`. Throws `OsError`.
  [[nodiscard]] static Socket open_stream(EventLoop& loop, const SocketAddress& address);

  Socket(Socket&& other) noexcept
      : handle_(std::move(other.handle_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket();

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  explicit operator bool() const noexcept { return descriptor_ >= 0; }

  /// The loop, if it is the one that runs on this thread; otherwise null.
  [[nodiscard]] EventLoop* loop() const noexcept {
    return handle_ ? handle_->get_running() : nullptr;
  }

  /// The same, or throws what is wrong: `LoopClosedError`, `WrongThreadError`, `WrongLoopError`,
  /// `NoRunningLoopError`. `function` is what was called, `object` what owns this socket.
  [[nodiscard]] EventLoop& require_loop(const char* function, const std::string& object) const;

  /// Sets an option of type int. Throws `OsError`.
  void set_option(int level, int name, int value, const char* words) const;

  /// Throws `OsError`.
  void bind(const SocketAddress& address) const;
  [[nodiscard]] SocketAddress local_address() const;
  [[nodiscard]] SocketAddress peer_address() const;

  /// Tells the peer that nothing more will come. Does nothing on a connection that has failed.
  void end_sending() const noexcept;

 private:
  std::optional<LoopReference> handle_;
  int descriptor_ = -1;
};

}  // namespace rondo::net
