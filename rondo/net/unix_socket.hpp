#pragma once
// Unix stream sockets, by path or abstract name.

#include <cstdint>
#include <memory>

#include "rondo/net/address.hpp"
#include "rondo/net/listener.hpp"
#include "rondo/net/socket_stream.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo::net {

/// A connection over a Unix socket.
class UnixStream final : public SocketStream {
 public:
  /// Connects to `SocketAddress::unix_path` or `unix_abstract`. While the listener's queue is full
  /// it tries again in growing intervals, until it is cancelled. Cancelling closes the attempt.
  /// Throws `OsError`, as in "cannot connect to unix:/run/x.sock: No such file or directory", and
  /// `NoRunningLoopError`.
  [[nodiscard]] static Task<std::unique_ptr<ByteStream>> connect(SocketAddress address);

 private:
  friend class UnixListener;
  UnixStream(Socket socket, const SocketAddress& peer);
};

/// Accepts connections over a Unix socket. Belongs to the loop it was made under. Its destructor
/// removes the path, if that is still the one it made.
class UnixListener final : private Listener {
 public:
  /// Binds to a path, which must not exist, or to an abstract name, and listens. Throws `OsError`,
  /// and `NoRunningLoopError` outside a run.
  explicit UnixListener(const SocketAddress& address, ListenOptions options = {});
  ~UnixListener();

  /// Waits for the next connection. One call at a time. Cancelling loses no connection. Throws
  /// `OsError`; the listener can be used afterwards.
  [[nodiscard]] Task<std::unique_ptr<ByteStream>> accept();

  using Listener::local_address;

 private:
  std::uint64_t file_ = 0;  // the inode of the path; 0: there is none to remove
};

}  // namespace rondo::net
