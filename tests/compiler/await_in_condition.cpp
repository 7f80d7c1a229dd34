// An await as the condition of an if, in a coroutine without a variable at the top level of its
// body.

#include "canary.hpp"

using canary::Task;

Task<int> body() {
  if (co_await canary::echo(1) == 1) co_return 4;
  co_return 2;
}

int main() {
  return canary::judge(body, 1, 4);
}
