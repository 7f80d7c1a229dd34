// refused: give this lambda or aggregate a name first
#include <string>

#include "rondo/runtime/run_on.hpp"

rondo::Task<> amain(rondo::LoopHandle other, std::string text) {
#ifdef REFUSED
  co_await rondo::run_on(other, [text]() -> rondo::Task<std::size_t> { co_return text.size(); });
#else
  auto size = [text]() -> rondo::Task<std::size_t> { co_return text.size(); };
  co_await rondo::run_on(other, size);
  co_await rondo::run_on(other, [&]() -> rondo::Task<std::size_t> { co_return text.size(); });
#endif
}
