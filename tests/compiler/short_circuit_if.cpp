// && and || as the whole condition of an if, or the whole initialiser of a bool, in a coroutine
// that has variables (without one, see await_in_condition.cpp).

#include "canary.hpp"

using canary::Task;

Task<int> body() {
  volatile bool yes = true;
  volatile bool no = false;
  int sum = 0;
  if (no && co_await canary::echo(1)) sum += 1;
  if (!(yes || co_await canary::echo(1))) sum += 2;
  const bool both = yes && co_await canary::echo(1) == 1;
  if (both) sum += 4;
  co_return sum;
}

int main() {
  return canary::judge(body, 1, 4);
}
