// refused: give this lambda or aggregate a name first
#include <string>

#include "rondo/runtime/with.hpp"

struct Door {
  void close() {}
};

rondo::Task<> amain(std::string text) {
  Door door;
#ifdef REFUSED
  co_await rondo::with(door, [text](Door&) -> rondo::Task<std::size_t> { co_return text.size(); });
#else
  auto body = [text](Door&) -> rondo::Task<std::size_t> { co_return text.size(); };
  co_await rondo::with(door, body);
  co_await rondo::with(door, [&](Door&) -> rondo::Task<std::size_t> { co_return text.size(); });
#endif
}
