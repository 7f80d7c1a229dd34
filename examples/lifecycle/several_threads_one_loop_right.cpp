// Cause 2, the right way: the other thread holds a handle, and hands over what the loop is to do.

#include <functional>
#include <iostream>

#include <rondo/rondo.hpp>

/// Runs on a thread of its own.
void feed(rondo::EventLoop::Handle loop, rondo::Queue<double>& prices) {
  for (const double price : {100.5, 101.25}) {
    loop.call_soon_threadsafe([&prices, price] { prices.put_nowait(price); });
  }
  loop.call_soon_threadsafe([&prices] { prices.close(); });
}

rondo::Task<> read_all(rondo::Queue<double>& prices) {
  try {
    while (true) {
      const double price = co_await prices.get();
      std::cout << "price " << price << '\n';
    }
  } catch (const rondo::QueueClosedError&) {
    std::cout << "the feed has ended\n";
  }
}

rondo::Task<> amain() {
  rondo::Queue<double> prices;
  auto handle = rondo::get_running_loop().handle();
  auto feeding = rondo::to_thread(feed, handle, std::ref(prices));
  co_await rondo::gather(read_all(prices), std::move(feeding));
}

int main() {
  rondo::run(amain());
}
