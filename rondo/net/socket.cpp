// The reactor keeps state by descriptor number, and the system gives a number away again at once:
// so whoever closes a descriptor behind the reactor's back makes it wait for ever on the next
// socket with that number.

#include "rondo/net/socket.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "rondo/base/error.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo::net {
namespace {

/// Closes a descriptor on the loop's thread, or, if the loop closes before it gets there, wherever
/// the callback is dropped.
class Handover {
 public:
  Handover(LoopReference handle, int descriptor) noexcept
      : handle_(std::move(handle)), descriptor_(descriptor) {}
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;
  ~Handover() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  void close() noexcept { handle_.get()->reactor().close(std::exchange(descriptor_, -1)); }

 private:
  LoopReference handle_;
  int descriptor_;
};

using AskAddress = int (*)(int, sockaddr*, socklen_t*);

SocketAddress ask_address(int descriptor, AskAddress ask, const char* words) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (ask(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
    throw OsError(errno, words);
  }
  return SocketAddress::from_system(&storage, size);
}

}  // namespace

Socket Socket::open_stream(EventLoop& loop, const SocketAddress& address) {
  sa_family_t family = AF_UNSPEC;
  if (address.size() >= sizeof family) family = *static_cast<const sa_family_t*>(address.data());
  const int descriptor = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) throw OsError(errno, "open a socket for " + address.to_string());
  return {loop, descriptor};
}

Socket::~Socket() {
  if (descriptor_ < 0) return;
  if (EventLoop* loop = handle_->get()) {
    loop->reactor().close(descriptor_);
    return;
  }
  try {
    const auto handover = std::make_shared<Handover>(*handle_, descriptor_);
    handle_->call_soon_threadsafe([handover] { handover->close(); });
  } catch (...) {
    descriptor_ = -1;  // the loop has closed meanwhile, and the handover has closed the descriptor
  }
}

EventLoop& Socket::require_loop(const char* function, const std::string& object) const {
  if (EventLoop* running = loop()) return *running;
  handle_->refuse(function, object);
}

void Socket::set_option(int level, int name, int value, const char* words) const {
  if (::setsockopt(descriptor_, level, name, &value, sizeof value) != 0)
    throw OsError(errno, words);
}

void Socket::bind(const SocketAddress& address) const {
  if (::bind(descriptor_, static_cast<const sockaddr*>(address.data()), address.size()) != 0) {
    throw OsError(errno, "bind to " + address.to_string());
  }
}

SocketAddress Socket::local_address() const {
  return ask_address(descriptor_, ::getsockname, "read the local address of a socket");
}

SocketAddress Socket::peer_address() const {
  return ask_address(descriptor_, ::getpeername, "read the peer's address of a socket");
}

void Socket::end_sending() const noexcept {
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace rondo::net
