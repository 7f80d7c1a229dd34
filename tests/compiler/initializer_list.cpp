// co_await f({.headers = {{"a", "b"}}}) where the list is an initializer_list.

#include <cstddef>
#include <initializer_list>

#include "canary.hpp"

using canary::Task;

struct Field {
  const char* name;
  const char* value;
};

struct Fields {
  Fields(std::initializer_list<Field> list) : size(list.size()) {}
  std::size_t size;
};

struct Options {
  Fields headers;
};

Task<int> request(Options options) {
  return canary::echo(static_cast<int>(options.headers.size));
}

Task<int> body() {
  co_return co_await request({.headers = {{"a", "b"}, {"c", "d"}}});
}

int main() {
  return canary::judge(body, 1, 2);
}
