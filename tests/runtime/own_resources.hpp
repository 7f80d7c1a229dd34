#pragma once
// What this process holds: to see that a run leaves nothing behind.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
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

/// Whether the thread of that directory in /proc is this program's, and at its work. A thread that
/// was joined is in the system's list for another moment, and says that it ends; one that the
/// kernel has for an io_uring ends some time after that.
inline bool is_live_thread(const std::filesystem::path& directory) {
  // Of the flags in proc_pid_stat(5).
  constexpr unsigned long kExiting = 0x4;    // PF_EXITING
  constexpr unsigned long kOfKernel = 0x10;  // PF_IO_WORKER
  std::ifstream file(directory / "stat");
  const std::string line{std::istreambuf_iterator<char>(file), {}};
  // Behind the name, which may hold anything: state, five numbers, and the flags.
  std::istringstream fields(line.substr(std::min(line.rfind(')') + 1, line.size())));
  std::string skipped;
  for (int i = 0; i < 6; ++i) fields >> skipped;
  unsigned long flags = kExiting;
  fields >> flags;
  return (flags & (kExiting | kOfKernel)) == 0;
}

/// Threads, this one included.
inline std::size_t live_threads() {
  // ThreadSanitizer starts a thread of its own with the program's first one, and keeps it.
  static const bool has_started_one = (std::thread([] {}).join(), true);
  static_cast<void>(has_started_one);
  const std::filesystem::directory_iterator threads("/proc/self/task");
  return static_cast<std::size_t>(std::count_if(begin(threads), end(threads), is_live_thread));
}

/// Whether there are `count` threads, or soon will be.
inline bool has_threads(std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (live_threads() != count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace rondo
