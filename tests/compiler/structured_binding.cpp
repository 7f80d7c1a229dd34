// auto [a, b] = co_await f() in a loop.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

struct Pair {
  Owner first = Owner(1);
  Owner second = Owner(2);
};

Task<Pair> make_pair() {
  ++canary::awaited;
  Pair pair;
  co_return pair;
}

Task<int> body() {
  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    auto [first, second] = co_await make_pair();
    if (i == 1) continue;
    sum += first.value + second.value;
  }
  co_return sum;
}

int main() {
  return canary::judge(body, 3, 6);
}
