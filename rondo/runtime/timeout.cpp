// The message of a deadline, in the unit a person would use.

#include "rondo/runtime/timeout.hpp"

#include <fmt/format.h>

namespace rondo::detail {

void throw_timeout(Clock::duration limit) {
  const std::chrono::duration<double> seconds = limit;
  throw TimeoutError(fmt::format("timed out after {:g} s", seconds.count()));
}

}  // namespace rondo::detail
