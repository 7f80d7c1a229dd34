// throw Error(co_await f()).

#include "canary.hpp"

using canary::Owner;
using canary::Task;

struct Error {
  explicit Error(Owner text) : message(std::move(text)) {}
  Owner message;
};

Task<int> body() {
  try {
    throw Error(co_await canary::make_owner(7));
  } catch (const Error& error) {
    co_return error.message.value;
  }
}

int main() {
  return canary::judge(body, 1, 7);
}
