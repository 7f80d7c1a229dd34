// refused: delete
#include <utility>

#include "rondo/runtime/task.hpp"

rondo::Task<int> value() {
  co_return 1;
}

rondo::Task<> amain() {
  rondo::Task<int> task = value();
#ifdef REFUSED
  rondo::Task<int> copy = task;
#else
  rondo::Task<int> copy = std::move(task);
#endif
  co_await std::move(copy);
}
