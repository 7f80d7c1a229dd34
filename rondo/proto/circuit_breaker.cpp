// Each change of state begins a generation, and reports of another one are not heard: a slow
// request from before must neither close nor open what it knows nothing of.

#include "rondo/proto/circuit_breaker.hpp"

#include <algorithm>

namespace rondo::proto {

void CircuitBreaker::enter(State state) noexcept {
  state_ = state;
  ++generation_;
  failures_ = admitted_ = succeeded_ = 0;
}

CircuitBreaker::Admission CircuitBreaker::admit(Clock::time_point now) noexcept {
  if (state_ == State::open) {
    const Clock::duration left = opened_ + options_.open_for - now;
    if (left > Clock::duration::zero()) return {false, left, generation_};
    enter(State::half_open);
  }
  if (state_ == State::half_open) {
    if (admitted_ >= std::max(options_.probes, 1U)) return {false, {}, generation_};
    ++admitted_;
  }
  return {true, {}, generation_};
}

void CircuitBreaker::succeeded(const Admission& admission) noexcept {
  if (admission.generation != generation_) return;
  failures_ = 0;
  if (state_ == State::half_open && ++succeeded_ >= std::max(options_.probes, 1U)) {
    enter(State::closed);
  }
}

void CircuitBreaker::failed(const Admission& admission, Clock::time_point now) noexcept {
  if (admission.generation != generation_ || options_.failure_threshold == 0) return;
  const bool opens = state_ == State::half_open || ++failures_ >= options_.failure_threshold;
  if (!opens) return;
  enter(State::open);
  opened_ = now;
}

void CircuitBreaker::abandoned(const Admission& admission) noexcept {
  if (admission.generation == generation_ && state_ == State::half_open) --admitted_;
}

}  // namespace rondo::proto
