// System calls only. The one who listens is asked for his user id: a name in the abstract namespace
// can be taken by anybody.

#include "rondo/runtime/inspection_channel.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "rondo/runtime/signal_text.hpp"

namespace rondo::detail {
namespace {

/// A reader that does not read must not hold a worker, or a stuck loop, for long.
constexpr timeval kPatience{.tv_sec = 1, .tv_usec = 0};

bool is_trusted(int socket) noexcept {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

void send_all(int socket, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto count = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

unsigned make_inspection_address(int pid, sockaddr_un& address) noexcept {
  SignalText name;
  name << "rondo-ps-" << static_cast<std::uint64_t>(pid);
  address = {};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.view().data(), name.view().size());
  return static_cast<unsigned>(offsetof(sockaddr_un, sun_path) + 1 + name.view().size());
}

void write_all(int descriptor, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void connect_and_send(int loops, std::string_view text) noexcept {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  sockaddr_un address{};
  const unsigned size = make_inspection_address(::getpid(), address);
  const bool is_connected = ::connect(socket, reinterpret_cast<sockaddr*>(&address), size) == 0;
  if (is_connected && is_trusted(socket)) {
    SignalText head;
    head << static_cast<std::uint64_t>(loops) << "\n";
    send_all(socket, head.view());
    send_all(socket, text);
  }
  ::close(socket);
}

}  // namespace rondo::detail
