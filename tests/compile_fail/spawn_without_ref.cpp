// refused: no matching
#include <functional>

#include "rondo/runtime/task_group.hpp"

rondo::Task<> count(int& counter) {
  ++counter;
  co_return;
}

rondo::Task<> amain() {
  int counter = 0;
  co_await rondo::with_task_group([&](rondo::TaskGroup& group) -> rondo::Task<> {
#ifdef REFUSED
    group.spawn(count, counter);
#else
    group.spawn(count, std::ref(counter));
#endif
    co_return;
  });
}
