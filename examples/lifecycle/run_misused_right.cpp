// Cause 3, the right way: one run, which makes what it uses and awaits what it starts. Where a
// program must run a loop several times, a Runner keeps the loop.

#include <iostream>

#include <rondo/rondo.hpp>

rondo::Task<> step(const char* name, rondo::Lock& lock) {
  const auto guard = co_await lock.acquire();
  std::cout << name << '\n';
}

rondo::Task<> amain() {
  rondo::http::ClientSession session;
  rondo::Lock lock;
  co_await step("first, in a run", lock);
  co_await step("second, in the same run", lock);
  std::cout << "the session is " << (session.closed() ? "closed" : "open") << '\n';
}

int main() {
  rondo::run(amain());

  rondo::Runner runner;
  rondo::Lock lock;
  runner.run(step("first run of a runner", lock));
  runner.run(step("second run of the same runner", lock));
}
