// refused: give this lambda a name first
#include <string>

#include "rondo/runtime/condition.hpp"

rondo::Task<> amain(rondo::Condition& condition, std::string text) {
  const auto guard = co_await condition.acquire();
#ifdef REFUSED
  co_await condition.wait_for([text] { return text.empty(); });
#else
  auto is_empty = [text] { return text.empty(); };
  co_await condition.wait_for(is_empty);
  co_await condition.wait_for([&] { return text.empty(); });
#endif
}
