// What Asio's coroutines cost, as bench_runtime_costs measures ours: `co_await` of a child, a
// coroutine spawned and ended, a switch through the queue of the io_context, a timer of 1 to 1000
// ms of 100,000. One thread, which the io_context is told.
//
//   costs_asio
//
// prints "await NS", "spawn NS", "switch NS" and "timer NS", a line each.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <utility>  // which Boost 1.74 uses and forgets

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "peers/load.hpp"

namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

constexpr int kRounds = 7;

[[gnu::noinline]] awaitable<int> child(int value) {
  co_return value;
}

awaitable<void> await_all(std::size_t count) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const int one = co_await child(1);
    sum += static_cast<std::size_t>(one);
  }
  if (sum != count) std::abort();
}

void run(asio::io_context& context) {
  context.run();
  context.restart();
}

void await_children(asio::io_context& context, std::size_t count) {
  asio::co_spawn(context, await_all(count), asio::detached);
  run(context);
}

awaitable<void> leaf() {
  co_return;
}

void spawn_and_join(asio::io_context& context, std::size_t count) {
  constexpr std::size_t kBatch = 100;
  std::size_t ended = 0;
  for (std::size_t done = 0; done < count; done += kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      asio::co_spawn(context, leaf(), [&ended](std::exception_ptr) { ++ended; });
    }
    run(context);
  }
  if (ended != count) std::abort();
}

awaitable<void> yield_often(asio::io_context& context, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) co_await asio::post(context, use_awaitable);
}

void switch_often(asio::io_context& context, std::size_t count) {
  constexpr std::size_t kTasks = 100;
  for (std::size_t i = 0; i < kTasks; ++i) {
    asio::co_spawn(context, yield_often(context, count / kTasks), asio::detached);
  }
  run(context);
}

awaitable<void> sleep_once(asio::io_context& context, std::chrono::milliseconds time) {
  asio::steady_timer timer(context, time);
  co_await timer.async_wait(use_awaitable);
}

void sleep_all(asio::io_context& context, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::chrono::milliseconds time(1 + (i * 7919) % 1000);
    asio::co_spawn(context, sleep_once(context, time), asio::detached);
  }
  run(context);
}

using Work = void (*)(asio::io_context&, std::size_t);

void report(asio::io_context& context, const char* name, Work work, std::size_t count, int rounds) {
  double best = std::numeric_limits<double>::max();
  for (int round = 0; round < rounds; ++round) {
    const double begun = bench::cpu_seconds();
    work(context, count);
    best = std::min(best, (bench::cpu_seconds() - begun) * 1e9 / static_cast<double>(count));
  }
  std::printf("%s %.2f\n", name, best);
}

}  // namespace

int main() {
  asio::io_context context(1);
  report(context, "await", &await_children, 2'000'000, kRounds);
  report(context, "spawn", &spawn_and_join, 500'000, kRounds);
  report(context, "switch", &switch_often, 1'000'000, kRounds);
  report(context, "timer", &sleep_all, 100'000, 3);
}
