#pragma once
// A task that gives a value later.

#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task.hpp"

namespace rondo {

inline Task<int> give_after(Clock::duration delay, int value) {
  co_await sleep(delay);
  co_return value;
}

}  // namespace rondo
