// co_await f(c ? a : b) with owning temporaries.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

Task<int> request(Owner owner) {
  return canary::echo(owner.value);
}

Task<int> body() {
  volatile bool first = true;
  co_return co_await request(first ? Owner(1) : Owner(2));
}

int main() {
  return canary::judge(body, 1, 1);
}
