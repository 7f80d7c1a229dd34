// The machine's steady clock.

#include "rondo/runtime/clock.hpp"

namespace rondo {
namespace {

class SteadyTime final : public TimeSource {
 public:
  Clock::time_point now() const noexcept override { return Clock::now(); }
};

}  // namespace

TimeSource& steady_time() noexcept {
  static SteadyTime source;
  return source;
}

}  // namespace rondo
