// The same with an owning temporary on the left.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

Task<int> body() {
  volatile bool yes = true;
  if (yes && Owner(3).value == 3 && co_await canary::echo(1)) co_return 1;
  co_return 0;
}

int main() {
  return canary::judge(body, 1, 1);
}
