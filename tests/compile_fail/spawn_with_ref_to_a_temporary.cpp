// refused: delete
#include <functional>
#include <string>

#include "rondo/runtime/task_group.hpp"

rondo::Task<> read_page(const std::string&) {
  co_return;
}

rondo::Task<> amain() {
  co_await rondo::with_task_group([](rondo::TaskGroup& group) -> rondo::Task<> {
#ifdef REFUSED
    group.spawn(read_page, std::cref(std::string("name")));
#else
    group.spawn(read_page, std::string("name"));
#endif
    co_return;
  });
}
