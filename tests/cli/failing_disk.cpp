// A library that is loaded before the C library (LD_PRELOAD) and lets the disk fail. FAILING_DISK
// says how, as "CALL ERRNO TIMES PART": so many calls fail for files whose path has PART in it.
// CALL is fsync (of a file), fsync-directory or rename.

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace {

struct Failure {
  char call[32] = "";
  int code = 0;
  int times = 0;
  char part[PATH_MAX] = "";
};

Failure failure_of_environment() {
  Failure failure;
  const char* text = ::getenv("FAILING_DISK");
  if (text == nullptr) return failure;
  const int count = std::sscanf(text, "%31s %d %d %4095s", failure.call, &failure.code,
                                &failure.times, failure.part);
  if (count != 4) ::abort();
  return failure;
}

bool fails(const char* call, int descriptor) {
  static const Failure failure = failure_of_environment();
  static std::atomic<int> failed = 0;
  if (std::strcmp(call, failure.call) != 0) return false;
  char link[64];
  char path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const auto size = ::readlink(link, path, sizeof path - 1);
  if (size < 0) return false;
  path[size] = '\0';
  if (std::strstr(path, failure.part) == nullptr || failed++ >= failure.times) return false;
  errno = failure.code;
  return true;
}

}  // namespace

extern "C" int fsync(int descriptor) {
  static const auto next = reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, "fsync"));
  struct stat status{};
  const bool is_directory = ::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
  return fails(is_directory ? "fsync-directory" : "fsync", descriptor) ? -1 : next(descriptor);
}

extern "C" int renameat(int from, const char* name, int to, const char* new_name) noexcept {
  static const auto next =
      reinterpret_cast<int (*)(int, const char*, int, const char*)>(::dlsym(RTLD_NEXT, "renameat"));
  return fails("rename", to) ? -1 : next(from, name, to, new_name);
}
