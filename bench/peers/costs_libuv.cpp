// What libuv's timers cost, as bench_runtime_costs measures ours: 100,000 of 1 to 1000 ms at a
// time, set and expired.
//
//   costs_libuv
//
// prints "timer NS".

#include <uv.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

#include "peers/load.hpp"

namespace {

constexpr std::size_t kTimers = 100'000;
constexpr int kRounds = 3;

void set_all(uv_loop_t& loop, std::vector<uv_timer_t>& timers, std::size_t& expired) {
  for (std::size_t i = 0; i < timers.size(); ++i) {
    uv_timer_init(&loop, &timers[i]);
    timers[i].data = &expired;
    const auto count = [](uv_timer_t* timer) { ++*static_cast<std::size_t*>(timer->data); };
    uv_timer_start(&timers[i], count, 1 + (i * 7919) % 1000, 0);
  }
}

}  // namespace

int main() {
  uv_loop_t loop;
  if (uv_loop_init(&loop) != 0) std::abort();
  double best = std::numeric_limits<double>::max();
  for (int round = 0; round < kRounds; ++round) {
    std::vector<uv_timer_t> timers(kTimers);
    std::size_t expired = 0;
    const double begun = bench::cpu_seconds();
    set_all(loop, timers, expired);
    uv_run(&loop, UV_RUN_DEFAULT);
    best = std::min(best, (bench::cpu_seconds() - begun) * 1e9 / static_cast<double>(kTimers));
    if (expired != kTimers) std::abort();
    for (uv_timer_t& timer : timers) uv_close(reinterpret_cast<uv_handle_t*>(&timer), nullptr);
    uv_run(&loop, UV_RUN_DEFAULT);
  }
  std::printf("timer %.2f\n", best);
}
