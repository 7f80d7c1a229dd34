#pragma once
// What this process holds: to see that a run leaves nothing behind.

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace rondo {

inline std::size_t entries_of(const char* directory) {
  const std::filesystem::directory_iterator entries(directory);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

/// Open descriptors.
inline std::size_t open_descriptors() {
  return entries_of("/proc/self/fd");
}

/// Threads, this one included.
inline std::size_t live_threads() {
  return entries_of("/proc/self/task");
}

}  // namespace rondo
