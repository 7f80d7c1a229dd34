// Sleeping and waking cost more than the wait itself where the answer is microseconds away: the
// processor goes to sleep, and another has to interrupt it.

#include "rondo/runtime/spin.hpp"

#include <algorithm>

#include "rondo/runtime/reactor.hpp"

namespace rondo::detail {

void poll_spinning(Reactor& reactor, TimeSource& time, Clock::duration spin,
                   std::chrono::milliseconds limit) noexcept {
  const bool is_endless = limit < std::chrono::milliseconds(0);
  const Clock::time_point begun = time.now();
  const Clock::duration bound = is_endless ? spin : std::min<Clock::duration>(spin, limit);
  Clock::duration passed{};
  do {
    if (reactor.poll(std::chrono::milliseconds(0))) return;
    passed = time.now() - begun;
  } while (passed < bound);
  if (is_endless) {
    reactor.poll(limit);
  } else if (passed < limit) {
    reactor.poll(std::chrono::ceil<std::chrono::milliseconds>(limit - passed));
  }
}

}  // namespace rondo::detail
