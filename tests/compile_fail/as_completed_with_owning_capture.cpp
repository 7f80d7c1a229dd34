// refused: give this lambda
#include <string>
#include <vector>

#include "rondo/runtime/as_completed.hpp"

rondo::Task<> amain(std::vector<rondo::Task<int>> tasks, std::string text) {
#ifdef REFUSED
  co_await rondo::as_completed(std::move(tasks),
                               [text](rondo::Completions<int>&) -> rondo::Task<> { co_return; });
#else
  auto body = [text](rondo::Completions<int>&) -> rondo::Task<> { co_return; };
  co_await rondo::as_completed(std::move(tasks), body);
#endif
}
