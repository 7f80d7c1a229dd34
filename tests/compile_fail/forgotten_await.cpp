// refused: a task does nothing until it is awaited
#include "rondo/runtime/task.hpp"

rondo::Task<> work() {
  co_return;
}

rondo::Task<> amain() {
#ifdef REFUSED
  work();
  co_return;
#else
  co_await work();
#endif
}
