// A small exchange through a ring tells more than a list of operations: the kernel lists an
// operation, but not what it can do, and a filter may refuse each call by itself.

#include "rondo/runtime/uring_support.hpp"

#include <liburing.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "rondo/runtime/uring_buffers.hpp"
#include "rondo/runtime/uring_ring.hpp"

namespace rondo::detail {
namespace {

class SocketPair {
 public:
  SocketPair() {
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()) != 0) {
      throw OsError(errno, "make a pair of sockets to try io_uring with");
    }
  }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;
  ~SocketPair() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }

  [[nodiscard]] int ours() const noexcept { return ends_[0]; }
  [[nodiscard]] int theirs() const noexcept { return ends_[1]; }

 private:
  std::array<int, 2> ends_{};
};

/// What the multishot receive of one byte, which is there already, brings.
UringCompletion receive_one(UringRing& ring, const SocketPair& sockets) {
  if (::send(sockets.theirs(), "x", 1, MSG_NOSIGNAL) != 1) throw OsError(errno, "try io_uring");
  io_uring_sqe* request = ring.next();
  ::io_uring_prep_recv_multishot(request, sockets.ours(), nullptr, 0, 0);
  request->flags |= IOSQE_BUFFER_SELECT;
  request->buf_group = UringBuffers::kGroup;
  std::vector<UringCompletion> completions;
  ring.enter(std::chrono::seconds(1), completions);
  return completions.empty() ? UringCompletion{.result = -ETIME} : completions.front();
}

/// `kernel.io_uring_disabled`: 1 refuses most processes, 2 all of them.
std::string sysctl_in_words() {
  std::ifstream file("/proc/sys/kernel/io_uring_disabled");
  int value = 0;
  if (!(file >> value) || value == 0) return "a filter of system calls refuses it";
  return "kernel.io_uring_disabled is " + std::to_string(value);
}

std::optional<OsError> try_it() {
  try {
    UringRing ring;
    const UringBuffers buffers(ring);
    const SocketPair sockets;
    const UringCompletion completion = receive_one(ring, sockets);
    const bool is_multishot = (completion.flags & IORING_CQE_F_MORE) != 0;
    if (completion.result == 1 && is_multishot) return std::nullopt;
    const int code = completion.result < 0 ? -completion.result : EOPNOTSUPP;
    return OsError(code, "use io_uring: it lacks multishot receives, which Linux 6.0 brought");
  } catch (const OsError& error) {
    return uring_refusal_by(error);
  }
}

}  // namespace

const std::optional<OsError>& uring_refusal() {
  static const std::optional<OsError> refusal = try_it();
  return refusal;
}

OsError uring_refusal_by(const OsError& error) {
  std::string words = "use io_uring: ";
  switch (error.code()) {
    case EPERM:
    case EACCES:
      words += sysctl_in_words();
      break;
    case ENOSYS:
    case EINVAL:
      words += "this kernel has none, or one older than 6.0";
      break;
    default:
      words += error.what();
  }
  return {error.code(), words};
}

}  // namespace rondo::detail
