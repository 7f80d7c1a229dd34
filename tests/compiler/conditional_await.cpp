// c ? co_await f() : co_await g() as a part of an expression: no owner is needed for it to go
// wrong.

#include "canary.hpp"

using canary::Task;

Task<int> body() {
  volatile bool first = true;
  co_return first ? co_await canary::echo(1) : co_await canary::echo(2);
}

int main() {
  return canary::judge(body, 1, 1);
}
