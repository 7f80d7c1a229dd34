// The same where the aggregate holds views into temporaries, and the callee copies what they show
// before it returns.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

struct View {
  View(const Owner& owner) : shown(&owner) {}
  const Owner* shown;
};

struct Options {
  View params[2];
  int timeout = 3;
};

Task<int> perform(Owner a, Owner b, int timeout) {
  co_return a.value + b.value + co_await canary::echo(timeout);
}

Task<int> request(const Options& options) {
  return perform(*options.params[0].shown, *options.params[1].shown, options.timeout);
}

Task<int> body() {
  co_return co_await request({.params = {Owner(10), Owner(20)}, .timeout = 5});
}

int main() {
  return canary::judge(body, 1, 35);
}
