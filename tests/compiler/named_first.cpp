// The ways out that the documentation names: what would be destroyed twice gets a name in a
// statement of its own.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

struct Options {
  Owner data;
  int timeout = 3;
};

template <class Function>
Task<int> with_x(Function function) {
  return canary::echo(function());
}

Task<int> request(Options options) {
  return canary::echo(options.timeout);
}

Task<int> body() {
  volatile bool first = true;
  const Owner owner(4);
  auto function = [owner] { return owner.value; };
  int sum = co_await with_x(std::move(function));
  sum += co_await with_x([&owner] { return owner.value; });
  auto task = with_x([owner] { return owner.value; });
  sum += co_await std::move(task);
  Options options{.data = Owner(1)};
  sum += co_await request(std::move(options));
  const Owner chosen = first ? Owner(5) : Owner(6);
  sum += co_await canary::echo(chosen.value);
  co_return sum;
}

int main() {
  return canary::judge(body, 5, 4 + 4 + 4 + 3 + 5);
}
