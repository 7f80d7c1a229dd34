// Result{.text = co_await f()} where the aggregate has an owning member.

#include "canary.hpp"

using canary::Owner;
using canary::Task;

struct Result {
  Owner text;
  int status;
};

Task<int> body() {
  const Result result{.text = co_await canary::make_owner(1), .status = co_await canary::echo(2)};
  co_return result.text.value + result.status;
}

int main() {
  return canary::judge(body, 2, 3);
}
