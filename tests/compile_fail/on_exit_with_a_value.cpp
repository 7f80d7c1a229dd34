// refused: on_exit takes what gives a Task<>
#include "rondo/runtime/task_group.hpp"

rondo::Task<> amain() {
  co_await rondo::with_task_group([](rondo::TaskGroup& group) -> rondo::Task<> {
#ifdef REFUSED
    group.on_exit([]() -> rondo::Task<int> { co_return 1; });
#else
    group.on_exit([]() -> rondo::Task<> { co_return; });
#endif
    co_return;
  });
}
