// The directory stream has a descriptor of its own, which is gone when the list is read.

#include "tests/support/descriptors.hpp"

#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <string>

namespace rondo::test {

std::vector<int> open_descriptors() {
  std::vector<int> descriptors;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    descriptors.push_back(std::stoi(entry.path().filename().string()));
  }
  std::erase_if(descriptors, [](int descriptor) { return ::fcntl(descriptor, F_GETFD) < 0; });
  std::sort(descriptors.begin(), descriptors.end());
  return descriptors;
}

}  // namespace rondo::test
