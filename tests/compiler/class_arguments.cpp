// Arguments of class type with a constructor, conditions, loops, try, nested awaits, chained calls,
// initialisation of a class with a constructor from awaits.

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "canary.hpp"

using canary::Owner;
using canary::Task;

class Parcel {
 public:
  Parcel(Owner owner, int weight) : owner_(std::move(owner)), weight_(weight) {}
  [[nodiscard]] const Parcel& self() const { return *this; }
  [[nodiscard]] int sum() const { return owner_.value + weight_; }

 private:
  Owner owner_;
  int weight_;
};

Task<int> send(Owner owner, std::vector<Owner> owners, std::unique_ptr<Owner> pointer,
               std::string text, Task<int> task) {
  const int waited = co_await std::move(task);
  co_return owner.value + static_cast<int>(owners.size()) + pointer->value +
      static_cast<int>(text.size()) + waited;
}

Task<int> failing(Owner owner) {
  if (owner.value != 0) throw std::runtime_error("no");
  co_return 0;
}

Task<int> body() {
  int sum = 0;
  for (int i = 0; i < 2; ++i) {
    if (co_await canary::echo(i) == 0) continue;
    sum += co_await send(Owner(1), std::vector<Owner>(2), std::make_unique<Owner>(3),
                         std::string(100, 'x'), canary::echo(co_await canary::echo(4)));
    sum += Parcel(co_await canary::make_owner(5), co_await canary::echo(6)).self().sum();
    try {
      sum += co_await failing(Owner(1));
    } catch (const std::runtime_error&) {
      sum += 1000;
    }
  }
  co_return sum;
}

int main() {
  return canary::judge(body, 6, 1 + 2 + 3 + 100 + 4 + 5 + 6 + 1000);
}
