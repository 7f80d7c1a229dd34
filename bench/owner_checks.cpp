// What the checks of docs/design.md §5 (L2, L5) cost, which are always on: nanoseconds of one
// `LoopReference::get_running()`, which a session, a stream and a resolver ask before each use, and
// of one `call_soon` with the turn that runs it, the check of which is the same. Prints both.

#include <chrono>
#include <cstdio>

#include <rondo/rondo.hpp>

namespace {

using rondo::Clock;

double nanoseconds_each(Clock::duration time, std::size_t count) {
  return std::chrono::duration<double, std::nano>(time).count() / static_cast<double>(count);
}

rondo::Task<> measure(std::size_t count) {
  rondo::EventLoop& loop = rondo::get_running_loop();
  const rondo::LoopReference reference = loop.reference();
  std::size_t passed = 0;
  auto begun = Clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    if (reference.get_running() == &loop) ++passed;
  }
  const double check = nanoseconds_each(Clock::now() - begun, passed);

  std::size_t called = 0;
  begun = Clock::now();
  while (called < count / 10) {
    for (int i = 0; i < 1000; ++i) loop.call_soon([&] { ++called; });
    co_await rondo::sleep(Clock::duration::zero());
  }
  std::printf("%.3f %.3f\n", check, nanoseconds_each(Clock::now() - begun, called));
}

}  // namespace

int main() {
  rondo::run(measure(20'000'000));
}
