// What the runtime itself costs, each as nanoseconds of CPU time, the best of several rounds:
//
//   await    `co_await` of a child task that ends at once
//   spawn    a task spawned into a group, run, and joined
//   switch   a task that lets another one go first: once through the loop's ready queue
//   timer    a sleep of 1 to 1000 ms, 100,000 of them at a time: set, expired, its task resumed
//
//   bench_runtime_costs
//
// prints "await NS", "spawn NS", "switch NS" and "timer NS", a line each.

#include <algorithm>
#include <cstdio>
#include <limits>
#include <string>

#include <rondo/rondo.hpp>

#include "peers/load.hpp"

namespace {

constexpr int kRounds = 7;

[[gnu::noinline]] rondo::Task<int> child(int value) {
  co_return value;
}

rondo::Task<> await_children(std::size_t count) {
  int sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += co_await child(1);
  if (static_cast<std::size_t>(sum) != count) std::abort();
}

rondo::Task<> leaf() {
  co_return;
}

/// In batches, so that what is measured is no cache that overflows.
rondo::Task<> spawn_and_join(std::size_t count) {
  constexpr std::size_t kBatch = 100;
  for (std::size_t done = 0; done < count; done += kBatch) {
    co_await rondo::with_task_group([](rondo::TaskGroup& group) -> rondo::Task<> {
      for (std::size_t i = 0; i < kBatch; ++i) group.spawn(leaf);
      co_return;
    });
  }
}

rondo::Task<> yield_often(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await rondo::sleep(rondo::Clock::duration::zero());
}

rondo::Task<> switch_often(std::size_t count) {
  constexpr std::size_t kTasks = 100;
  co_await rondo::with_task_group([count](rondo::TaskGroup& group) -> rondo::Task<> {
    for (std::size_t i = 0; i < kTasks; ++i) group.spawn(yield_often, count / kTasks);
    co_return;
  });
}

rondo::Task<> sleep_once(std::chrono::milliseconds time) {
  co_await rondo::sleep(time);
}

/// The spawning is in the figure: it is what a program with that many timers does.
rondo::Task<> sleep_all(std::size_t count) {
  co_await rondo::with_task_group([count](rondo::TaskGroup& group) -> rondo::Task<> {
    for (std::size_t i = 0; i < count; ++i) {
      group.spawn(sleep_once, std::chrono::milliseconds(1 + (i * 7919) % 1000));
    }
    co_return;
  });
}

using Work = rondo::Task<> (*)(std::size_t);

rondo::Task<> report(const char* name, Work work, std::size_t count, int rounds) {
  double best = std::numeric_limits<double>::max();
  for (int round = 0; round < rounds; ++round) {
    const double begun = bench::cpu_seconds();
    co_await work(count);
    best = std::min(best, (bench::cpu_seconds() - begun) * 1e9 / static_cast<double>(count));
  }
  std::printf("%s %.2f\n", name, best);
}

rondo::Task<> amain() {
  co_await report("await", &await_children, 2'000'000, kRounds);
  co_await report("spawn", &spawn_and_join, 500'000, kRounds);
  co_await report("switch", &switch_often, 1'000'000, kRounds);
  co_await report("timer", &sleep_all, 100'000, 3);
}

}  // namespace

int main() {
  rondo::run(amain());
}
