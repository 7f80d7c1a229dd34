#include "cli/disk_error.hpp"

#include <cerrno>

namespace rondo::cli {

bool may_pass(int code) noexcept {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
    case EACCES:
    case EPERM:
    case EROFS:
    case EIO:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

}  // namespace rondo::cli
