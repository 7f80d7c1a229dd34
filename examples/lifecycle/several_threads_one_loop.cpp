// Cause 2, the mistake: another thread touches a loop, and what belongs to it.

#include <functional>
#include <iostream>

#include <rondo/rondo.hpp>

rondo::Task<> read_one(rondo::Queue<double>& prices) {
  const double price = co_await prices.get();
  std::cerr << "price " << price << '\n';
}

/// Runs on a thread of its own.
void feed(rondo::EventLoop& loop, rondo::Queue<double>& prices) {
  try {
    prices.put_nowait(101.25);
  } catch (const rondo::WrongThreadError& error) {
    std::cerr << "put_nowait: " << error.what() << '\n';
  }
  try {
    loop.call_soon([&prices] { prices.put_nowait(101.25); });
  } catch (const rondo::WrongThreadError& error) {
    std::cerr << "call_soon: " << error.what() << '\n';
  }
  try {
    rondo::run(read_one(prices));
  } catch (const rondo::WrongLoopError& error) {
    std::cerr << "run: " << error.what() << '\n';
  }
}

rondo::Task<> amain() {
  rondo::Queue<double> prices;
  prices.put_nowait(100.5);
  co_await read_one(prices);
  co_await rondo::to_thread(feed, std::ref(rondo::get_running_loop()), std::ref(prices));
}

int main() {
  rondo::run(amain());
}
