#pragma once
// What a test does about a system call that fails: it gives up.

#include <cerrno>
#include <system_error>

namespace rondo::cli {

/// Throws what errno says unless `is_good`.
inline void check(bool is_good, const char* attempted) {
  if (!is_good) throw std::system_error(errno, std::generic_category(), attempted);
}

}  // namespace rondo::cli
