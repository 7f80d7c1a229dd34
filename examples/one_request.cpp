// One request under run(): the session is closed, and the loop with it, however amain() ends.

#include <iostream>
#include <string>

#include <rondo/rondo.hpp>

rondo::Task<> amain(std::string url) {
  rondo::http::ClientSession session;
  auto response = co_await session.get(url);
  std::cout << response.status() << ' ' << response.content_type() << '\n';
  std::cout << co_await response.text();
}

int main(int argc, char** argv) {
  try {
    rondo::run(amain(argc > 1 ? argv[1] : "https://example.com"));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
