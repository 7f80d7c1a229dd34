// Cause 4, the mistake: sessions and responses are kept for longer than the run that made them.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <rondo/rondo.hpp>

std::vector<std::unique_ptr<rondo::http::ClientSession>> sessions;
std::vector<rondo::http::Response> responses;

rondo::Task<> check(std::string url) {
  sessions.emplace_back(new rondo::http::ClientSession);
  responses.push_back(co_await sessions.back()->get(url));
}

rondo::Task<> amain(std::string url) {
  for (int i = 0; i < 3; ++i) co_await check(url);
}

rondo::Task<> read(rondo::http::Response& response) {
  const std::string body = co_await response.read();
  std::cerr << body.size() << " bytes\n";
}

int main(int argc, char** argv) {
  rondo::run(amain(argc > 1 ? argv[1] : "https://example.com"));

  std::cerr << "status " << responses.front().status() << '\n';
  try {
    rondo::run(read(responses.front()));
  } catch (const rondo::RuntimeError& error) {
    std::cerr << "read: " << error.what() << '\n';
  }
}
