// Cause 4, the right way: one session for the run, and responses that end with the block they are
// used in.

#include <iostream>
#include <string>

#include <rondo/rondo.hpp>

rondo::Task<std::size_t> check(rondo::http::ClientSession& session, std::string url) {
  auto response = co_await session.get(url);
  const std::string body = co_await response.read();
  co_return body.size();
}

rondo::Task<> amain(std::string url) {
  rondo::http::ClientSession session;
  for (int i = 0; i < 3; ++i) {
    const std::size_t size = co_await check(session, url);
    std::cout << size << " bytes, " << session.idle_connections() << " connection kept\n";
  }
}

int main(int argc, char** argv) {
  rondo::run(amain(argc > 1 ? argv[1] : "https://example.com"));
}
