#pragma once
// What this process holds: to see that a run leaves nothing behind.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

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
  // ThreadSanitizer starts a thread of its own with the program's first one, and keeps it.
  static const bool has_started_one = (std::thread([] {}).join(), true);
  static_cast<void>(has_started_one);
  return entries_of("/proc/self/task");
}

/// Whether there are `count` threads. One that was joined is in the system's list for another
/// moment.
inline bool has_threads(std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (live_threads() != count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace rondo
