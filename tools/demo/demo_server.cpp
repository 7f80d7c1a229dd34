// The server of ./dev demo:
//
//   demo_server GOOD.pem WRONG_HOST.pem UNKNOWN_ISSUER.pem
//
// Serves the pages of demo_pages.hpp on free ports of 127.0.0.1: plain, and over TLS with each of
// the three identities (a certificate and its key in one file). Prints the ports as one JSON line
// and runs until it gets SIGINT.

#include <cstdio>
#include <exception>
#include <string>

#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/run.hpp"
#include "rondo/runtime/sleep.hpp"
#include "rondo/runtime/task_group.hpp"
#include "rondo/testing/http_server.hpp"

#include "tools/demo/demo_pages.hpp"

namespace rondo::demo {
namespace {

struct Identities {
  std::string good;
  std::string wrong_host;
  std::string unknown_issuer;
};

testing::HttpServerOptions with_identity(const std::string& file) {
  tls::TlsOptions options;
  options.certificate_file = file;
  testing::HttpServerOptions server;
  server.tls = tls::TlsContext::server(options);
  return server;
}

void serve_pages(testing::HttpServer& server) {
  server.on("/", [](const testing::HttpRequest& request) { return page(request.path); });
}

Task<> serve(const Identities& identities) {
  co_await with_task_group([&identities](TaskGroup& group) -> Task<> {
    testing::HttpServer plain(group);
    testing::HttpServer good(group, with_identity(identities.good));
    testing::HttpServer wrong_host(group, with_identity(identities.wrong_host));
    testing::HttpServer unknown_issuer(group, with_identity(identities.unknown_issuer));
    for (auto* server : {&plain, &good, &wrong_host, &unknown_issuer}) serve_pages(*server);
    std::printf("{\"plain\": %d, \"tls\": %d, \"wrong_host\": %d, \"unknown_issuer\": %d}\n",
                plain.port(), good.port(), wrong_host.port(), unknown_issuer.port());
    std::fflush(stdout);
    while (true) co_await sleep(std::chrono::hours(1));
  });
}

int run_server(int count, char** arguments) {
  if (count != 4) {
    std::fputs("usage: demo_server GOOD.pem WRONG_HOST.pem UNKNOWN_ISSUER.pem\n", stderr);
    return 2;
  }
  const Identities identities{arguments[1], arguments[2], arguments[3]};
  try {
    run(serve(identities));
  } catch (const Interrupted&) {
    return 0;
  }
  return 1;
}

}  // namespace
}  // namespace rondo::demo

int main(int count, char** arguments) {
  try {
    return rondo::demo::run_server(count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo_server: %s\n", error.what());
    return 1;
  }
}
