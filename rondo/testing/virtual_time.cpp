// The time never goes back: a deadline that has passed leaves it where it is.

#include "rondo/testing/virtual_time.hpp"

#include <algorithm>

namespace rondo::testing {

void VirtualTime::skip_to(Clock::time_point deadline) noexcept {
  now_ = std::max(now_, deadline);
}

}  // namespace rondo::testing
