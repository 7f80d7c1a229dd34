// When is decided by proto/rate_limit; here it is waited for.

#include "cli/rate_pacer.hpp"

#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/sleep.hpp"

namespace rondo::cli {

Task<> RatePacer::wait() {
  const auto delay = limit_.reserve(get_running_loop().now());
  if (delay > Clock::duration::zero()) co_await sleep(delay);
}

}  // namespace rondo::cli
