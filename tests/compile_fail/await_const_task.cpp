// refused: a task is awaited as an rvalue: co_await std::move(task)
#include "rondo/runtime/task.hpp"

rondo::Task<int> value() {
  co_return 1;
}

rondo::Task<> amain() {
#ifdef REFUSED
  const rondo::Task<int> task = value();
  co_await task;
#else
  co_await value();
#endif
}
