// A program of somebody who uses Rondo: it reaches from the session down to sockets and names, so
// that it links only where all that the library needs has been found too.

#include <iostream>

#include <rondo/http/json.hpp>
#include <rondo/rondo.hpp>

namespace {

// Port 1 of loopback is where nobody listens.
rondo::Task<bool> is_refused() {
  rondo::http::ClientSession session;
  try {
    auto response = co_await session.get("http://127.0.0.1:1/");
  } catch (const rondo::http::ClientConnectorError& error) {
    std::cout << error.what() << '\n';
    co_return true;
  }
  co_return false;
}

}  // namespace

int main() {
  return rondo::run(is_refused()) ? 0 : 1;
}
