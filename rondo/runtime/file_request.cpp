// A call that a signal has interrupted is made again: none of them has done anything then.

#include "rondo/runtime/file_request.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace rondo::detail {
namespace {

std::int64_t read_from(const FileRequest& request) noexcept {
  if (request.offset == FileRequest::kNoOffset) {
    return ::read(request.descriptor, request.data, request.size);
  }
  return ::pread(request.descriptor, request.data, request.size,
                 static_cast<off_t>(request.offset));
}

std::int64_t write_to(const FileRequest& request) noexcept {
  if (request.offset == FileRequest::kNoOffset) {
    return ::write(request.descriptor, request.data, request.size);
  }
  return ::pwrite(request.descriptor, request.data, request.size,
                  static_cast<off_t>(request.offset));
}

std::int64_t call(const FileRequest& request) noexcept {
  using Action = FileRequest::Action;
  switch (request.action) {
    case Action::open:
      return ::open(request.path, request.flags, static_cast<mode_t>(request.permissions));
    case Action::read:
      return read_from(request);
    case Action::write:
      return write_to(request);
    case Action::status:
      return ::statx(request.descriptor, "", AT_EMPTY_PATH, STATX_SIZE,
                     static_cast<struct statx*>(request.data));
    case Action::sync:
      return ::fdatasync(request.descriptor);
    case Action::close:
      return ::close(request.descriptor);
    case Action::rename:
      return std::rename(request.path, request.new_path);
    case Action::remove:
      return ::unlink(request.path);
  }
  errno = EINVAL;
  return -1;
}

}  // namespace

std::int64_t carry_out(const FileRequest& request) noexcept {
  while (true) {
    const std::int64_t result = call(request);
    if (result >= 0) return result;
    // A descriptor whose close was interrupted is closed: its number may be another's by now.
    if (errno != EINTR || request.action == FileRequest::Action::close) return -errno;
  }
}

}  // namespace rondo::detail
