// refused: give this lambda a name first
#include <string>

#include "rondo/runtime/task_group.hpp"

rondo::Task<> amain(std::string text) {
#ifdef REFUSED
  co_await rondo::with_task_group(
      [text](rondo::TaskGroup&) -> rondo::Task<std::size_t> { co_return text.size(); });
#else
  auto body = [text](rondo::TaskGroup&) -> rondo::Task<std::size_t> { co_return text.size(); };
  co_await rondo::with_task_group(body);
  co_await rondo::with_task_group(
      [&](rondo::TaskGroup&) -> rondo::Task<std::size_t> { co_return text.size(); });
#endif
}
