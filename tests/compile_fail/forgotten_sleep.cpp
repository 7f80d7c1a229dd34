// refused: co_await it
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task.hpp"

rondo::Task<> amain() {
#ifdef REFUSED
  rondo::sleep(std::chrono::seconds(1));
  co_return;
#else
  co_await rondo::sleep(std::chrono::seconds(1));
#endif
}
