// What could block goes to the kernel's own worker threads.

#include "rondo/runtime/uring_files.hpp"

#include <fcntl.h>
#include <liburing.h>
#include <sys/stat.h>

namespace rondo::detail {

void prepare(io_uring_sqe& entry, const FileRequest& request) noexcept {
  using Action = FileRequest::Action;
  const auto size = static_cast<unsigned>(request.size);
  switch (request.action) {
    case Action::open:
      return ::io_uring_prep_openat(&entry, AT_FDCWD, request.path, request.flags,
                                    static_cast<mode_t>(request.permissions));
    case Action::read:
      return ::io_uring_prep_read(&entry, request.descriptor, request.data, size, request.offset);
    case Action::write:
      return ::io_uring_prep_write(&entry, request.descriptor, request.data, size, request.offset);
    case Action::status:
      return ::io_uring_prep_statx(&entry, request.descriptor, "", AT_EMPTY_PATH, STATX_SIZE,
                                   static_cast<struct statx*>(request.data));
    case Action::sync:
      return ::io_uring_prep_fsync(&entry, request.descriptor, IORING_FSYNC_DATASYNC);
    case Action::close:
      return ::io_uring_prep_close(&entry, request.descriptor);
    case Action::rename:
      return ::io_uring_prep_rename(&entry, request.path, request.new_path);
    case Action::remove:
      return ::io_uring_prep_unlink(&entry, request.path, 0);
  }
  ::io_uring_prep_nop(&entry);
}

}  // namespace rondo::detail
