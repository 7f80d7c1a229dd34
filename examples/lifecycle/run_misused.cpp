// Cause 3, the mistake: run() inside run(), and objects of one run used in the next.

#include <iostream>

#include <rondo/rondo.hpp>

rondo::Lock lock;

rondo::http::ClientSession& shared_session() {
  static rondo::http::ClientSession session;
  return session;
}

rondo::Task<> nothing() {
  co_return;
}

rondo::Task<> first() {
  shared_session();
  const auto guard = co_await lock.acquire();
  try {
    rondo::run(nothing());
  } catch (const rondo::LoopRunningError& error) {
    std::cerr << "run: " << error.what() << '\n';
  }
}

rondo::Task<> second() {
  try {
    co_await shared_session().get("http://127.0.0.1/");
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
