// refused: spawn takes what gives a Task
#include "rondo/runtime/task_group.hpp"

rondo::Task<> amain() {
  co_await rondo::with_task_group([](rondo::TaskGroup& group) -> rondo::Task<> {
#ifdef REFUSED
    group.spawn([] { return 1; });
#else
    group.spawn([]() -> rondo::Task<int> { co_return 1; });
#endif
    co_return;
  });
}
