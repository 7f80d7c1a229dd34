// Cause 3, the mistake: run() inside run(), and objects of one run used in the next.

#include <iostream>
#include <memory>

#include <rondo/rondo.hpp>

std::unique_ptr<rondo::http::ClientSession> session;
rondo::Lock lock;

rondo::Task<> nothing() {
  co_return;
}

rondo::Task<> first() {
  session.reset(new rondo::http::ClientSession);
  const auto guard = co_await lock.acquire();
  try {
    rondo::run(nothing());
  } catch (const rondo::LoopRunningError& error) {
    std::cerr << "run: " << error.what() << '\n';
  }
}

rondo::Task<> second() {
  try {
    co_await session->get("http://127.0.0.1/");
  } catch (const rondo::LoopClosedError& error) {
    std::cerr << "session: " << error.what() << '\n';
  }
  try {
    const auto guard = co_await lock.acquire();
  } catch (const rondo::WrongLoopError& error) {
    std::cerr << "lock: " << error.what() << '\n';
    std::cerr << "lock: " << error.details() << '\n';
  }
}

int main() {
  rondo::run(first());
  rondo::run(second());
}
