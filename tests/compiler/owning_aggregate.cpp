// co_await f({.data = text}) where the aggregate owns something.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

struct Options {
  Owner data;
  int timeout = 3;
};

Task<int> request(const Options& options) {
  return canary::echo(options.timeout);
}

Task<int> body() {
  co_return co_await request({.data = Owner(1)});
}

int main() {
  return canary::judge(body, 1, 3);
}
