// A loop handled by hand. The session is closed first, by the end of its scope; close() then finds
// nothing left to do. Forgetting it would be no leak either: the loop's destructor does the same.

#include <iostream>
#include <string>

#include <rondo/rondo.hpp>

rondo::Task<std::string> fetch(std::string url) {
  rondo::http::ClientSession session;
  auto response = co_await session.get(url);
  co_return co_await response.text();
}

int main(int argc, char** argv) {
  const std::string url = argc > 1 ? argv[1] : "https://example.com";
  rondo::EventLoop loop;
  try {
    const std::string page = loop.run_until_complete(fetch(url));
    std::cout << page.size() << " bytes\n";
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  loop.close();

  try {
    loop.call_soon([] {});
  } catch (const rondo::LoopClosedError& error) {
    std::cout << error.what() << '\n';
  }
}
