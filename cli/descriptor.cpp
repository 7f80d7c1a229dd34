#include "cli/descriptor.hpp"

#include <unistd.h>

namespace rondo::cli {

bool Descriptor::close() noexcept {
  const int number = std::exchange(number_, -1);
  return number < 0 || ::close(number) == 0;
}

}  // namespace rondo::cli
