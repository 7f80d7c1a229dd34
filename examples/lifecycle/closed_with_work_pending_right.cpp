// Cause 1, the right way: the group awaits what it has started, and run() closes the loop behind
// it.

#include <iostream>

#include <rondo/rondo.hpp>

using namespace std::chrono_literals;

rondo::Task<> heartbeat() {
  while (true) co_await rondo::sleep(1h);
}

rondo::Task<> say_goodbye() {
  co_await rondo::sleep(10ms);  // clean-up may wait
  std::cout << "goodbye\n";
}

rondo::Task<> work() {
  co_await rondo::sleep(10ms);
}

rondo::Task<> amain() {
  co_await rondo::with_task_group([](rondo::TaskGroup& group) -> rondo::Task<> {
    group.on_exit(say_goodbye);
    auto beats = group.spawn(heartbeat);
    co_await work();
    beats.cancel();
  });
  std::cout << "the heartbeat has ended\n";
}

int main() {
  rondo::run(amain());
}
