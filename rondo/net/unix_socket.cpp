// A Unix connect never is "in progress": it is done, refused, or, when the listener's queue is
// full, EAGAIN, and nothing tells when there is room. So a full queue is tried again after a while.

#include "rondo/net/unix_socket.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "rondo/base/error.hpp"
#include "rondo/net/socket_operation.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{1};
constexpr milliseconds kLongestPause{64};

bool is_in_file_system(const SocketAddress& address) noexcept {
  return !address.path().empty() && address.path().front() != '\0';
}

std::uint64_t inode_of(const SocketAddress& address) {
  struct stat status{};
  const std::string path(address.path());
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

UnixStream::UnixStream(Socket socket, const SocketAddress& peer)
    : SocketStream(std::move(socket), peer.to_string()) {}

Task<std::unique_ptr<ByteStream>> UnixStream::connect(SocketAddress address) {
  EventLoop& loop = get_running_loop();
  const std::string words = "connect to " + address.to_string();
  if (address.family() != SocketAddress::Family::local) throw OsError(EAFNOSUPPORT, words);
  for (milliseconds pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    Socket socket = Socket::open_stream(loop, address);
    const std::int64_t result = co_await detail::SocketOperation::connect(loop, socket, address);
    if (result == 0) {
      co_return std::unique_ptr<ByteStream>(new UnixStream(std::move(socket), address));
    }
    if (result != -EAGAIN) throw OsError(static_cast<int>(-result), words);
    co_await sleep(pause);
  }
}

UnixListener::UnixListener(const SocketAddress& address, ListenOptions options)
    : Listener(address, options) {
  if (is_in_file_system(address)) file_ = inode_of(address);
}

UnixListener::~UnixListener() {
  if (file_ == 0 || inode_of(local_address()) != file_) return;
  ::unlink(std::string(local_address().path()).c_str());
}

Task<std::unique_ptr<ByteStream>> UnixListener::accept() {
  Socket socket = co_await accept_socket();
  co_return std::unique_ptr<ByteStream>(new UnixStream(std::move(socket), local_address()));
}

}  // namespace rondo::net
