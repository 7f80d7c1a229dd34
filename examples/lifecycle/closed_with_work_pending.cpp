// Cause 1, the mistake: the loop is closed while a task waits, and used afterwards.

#include <future>
#include <iostream>

#include <rondo/rondo.hpp>

using namespace std::chrono_literals;

rondo::Task<> heartbeat() {
  while (true) co_await rondo::sleep(1h);
}

rondo::Task<> work() {
  co_await rondo::sleep(10ms);
}

int main() {
  rondo::EventLoop loop;
  std::future<void> beats = rondo::run_coroutine_threadsafe(loop.handle(), heartbeat);
  loop.run_until_complete(work());
  loop.close();

  try {
    beats.get();
  } catch (const rondo::LoopClosedError& error) {
    std::cerr << "the heartbeat: " << error.what() << '\n';
  }
  try {
    loop.call_soon([] { std::cerr << "never printed\n"; });
  } catch (const rondo::LoopClosedError& error) {
    std::cerr << "call_soon: " << error.what() << '\n';
    std::cerr << "call_soon: " << error.details() << '\n';
  }
}
