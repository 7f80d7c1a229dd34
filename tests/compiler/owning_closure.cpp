// co_await with_x([owner] { ... }): a closure with an owning capture in the awaiting expression.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

template <class Function>
Task<int> with_x(Function function) {
  return canary::echo(function());
}

Task<int> body() {
  const Owner owner(4);
  co_return co_await with_x([owner] { return owner.value; });
}

int main() {
  return canary::judge(body, 1, 4);
}
