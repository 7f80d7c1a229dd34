// while (a && co_await f()), and the same in an assignment and in an argument.

#include "canary.hpp"

using canary::Task;

int twice(bool value) {
  return value ? 2 : 0;
}

Task<int> body() {
  volatile bool more = false;
  int sum = 0;
  while (more && co_await canary::echo(1)) ++sum;
  sum += twice(more && co_await canary::echo(1));
  co_return sum;
}

int main() {
  return canary::judge(body, 0, 0);
}
