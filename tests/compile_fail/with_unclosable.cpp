// refused: with() closes what has a close() that gives a Task or nothing
#include "rondo/runtime/with.hpp"

struct Door {
#ifdef REFUSED
  int close() { return 0; }
#else
  rondo::Task<int> close() { co_return 0; }
#endif
};

rondo::Task<> amain() {
  Door door;
  co_await rondo::with(door, [](Door&) -> rondo::Task<> { co_return; });
}
