// Many requests at once. One that fails leaves the others running: return_exceptions hands over how
// each of them ended.

#include <iostream>
#include <string>
#include <vector>

#include <rondo/rondo.hpp>

rondo::Task<std::size_t> fetch(rondo::http::ClientSession& session, std::string url) {
  auto response = co_await session.get(url);
  const std::string body = co_await response.read();
  co_return body.size();
}

rondo::Task<> amain(std::vector<std::string> urls) {
  rondo::http::ClientSession session;
  std::vector<rondo::Task<std::size_t>> requests;
  for (const std::string& url : urls) requests.push_back(fetch(session, url));

  auto outcomes = co_await rondo::gather(rondo::return_exceptions, std::move(requests));

  for (std::size_t i = 0; i < urls.size(); ++i) {
    try {
      std::cout << urls[i] << ": " << outcomes[i].value() << " bytes\n";
    } catch (const rondo::http::ClientError& error) {
      std::cout << urls[i] << ": " << error.what() << '\n';
    }
  }
}

int main(int argc, char** argv) {
  rondo::run(amain({argv + 1, argv + argc}));
}
