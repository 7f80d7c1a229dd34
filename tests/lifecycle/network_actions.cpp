// The actions that use streams and HTTP. In virtual time the network is memory: a timer would
// overtake a socket.

#include <array>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/dns/caching_resolver.hpp"
#include "rondo/dns/cares_resolver.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/runtime/gather.hpp"
#include "rondo/testing/http_server.hpp"
#include "rondo/tls/tls_stream.hpp"

#include "interpreter.hpp"
#include "memory_network.hpp"
#include "outside.hpp"
#include "tests/dns/fake_resolver.hpp"
#include "tests/http/memory_server.hpp"

namespace rondo::lifecycle {
namespace {

/// Reads what was written, and then what never comes.
Task<> transfer(net::ByteStream& from, net::ByteStream& to, unsigned pick) {
  const std::string sent(1 + pick % 5000, 'x');
  co_await from.write(sent);
  std::array<char, 1024> buffer{};
  std::size_t received = 0;
  while (received < sent.size() || pick % 2 == 0) received += co_await to.read(buffer);
}

Task<> serve(testing::HttpServer& server) {
  for (const ServerAnswer& answer : server_answers()) {
    const auto ending = answer.closes ? testing::ReplyEnding::cut
                        : answer.path == "/half" || answer.bytes.empty()
                            ? testing::ReplyEnding::silence
                            : testing::ReplyEnding::keep_alive;
    testing::HttpReply reply = testing::HttpReply::bytes(answer.bytes, ending);
    server.on(std::string(answer.path), reply);
  }
  co_return;
}

/// Names that take their time, one that does not exist, and one that is never answered.
std::shared_ptr<dns::Resolver> make_source(Setting setting) {
  if (setting != Setting::virtual_time) {
    return std::make_shared<dns::CaresResolver>(dns::CaresOptions{
        .servers = {silent_name_server()}, .timeout = milliseconds(20), .tries = 1});
  }
  auto source = std::make_shared<dns::FakeResolver>();
  source->plans["host0.example"] = {.after = milliseconds(1)};
  source->plans["host1.example"] = {.after = milliseconds(50)};
  source->plans["host2.example"] = {.after = milliseconds(5),
                                    .error = dns::ResolveError::Kind::not_found};
  source->plans["host3.example"] = {.after = std::chrono::hours(1)};
  return source;
}

}  // namespace

Task<> Interpreter::main() {
  world_.resolver = std::make_unique<dns::CachingResolver>(make_source(world_.setting));
  if (world_.setting == Setting::virtual_time) {
    auto network = std::make_unique<MemoryNetwork>(world_);
    world_.core = http::test::make_core(get_running_loop(), std::move(network), {.total = 3});
    co_await run_until_stopped();
  } else {
    co_await with_task_group([this](TaskGroup& group) -> Task<> {
      testing::HttpServer server(group);
      co_await serve(server);
      testing::HttpServer secure_server(group, {.tls = shared_tls().server});
      co_await serve(secure_server);
      world_.server_url = server.url("");
      world_.secure_server_url = secure_server.url("");
      http::SessionOptions options;
      options.connector.tls.ca_file = shared_tls().ca_file;
      world_.session = std::make_unique<http::ClientSession>(options);
      co_await run_until_stopped();
    });
  }
  if (world_.program.main.pick % 2 == 0) close_session();
}

void Interpreter::close_session() {
  if (world_.core) world_.core->pool->close();
  if (world_.session) world_.session->close();
}

Task<> Interpreter::read_memory(const Step& step) {
  auto [client, server] = testing::memory_stream_pair();
  co_await transfer(*client, *server, step.pick);
}

Task<> Interpreter::read_tcp(const Step& step) {
  net::TcpListener listener(net::SocketAddress::loopback(0));
  const auto client = co_await net::TcpStream::connect(listener.local_address());
  const auto server = co_await listener.accept();
  co_await transfer(*client, *server, step.pick);
}

Task<> Interpreter::read_tls(const Step& step) {
  auto lower = testing::memory_stream_pair();
  auto connecting =
      tls::TlsStream::connect(std::move(lower.first), shared_tls().client, "localhost", 443);
  auto accepting = tls::TlsStream::accept(std::move(lower.second), shared_tls().server);
  auto ends = co_await gather(std::move(connecting), std::move(accepting));
  net::ByteStream& client = *std::get<0>(ends);
  net::ByteStream& server = *std::get<1>(ends);
  co_await transfer(client, server, step.pick);
  co_await gather(client.shut_down(), server.shut_down());
}

Task<> Interpreter::resolve(const Step& step) {
  if (!world_.resolver) co_return;  // a task of another loop came before it
  const std::string host = "host" + std::to_string(step.pick % 4) + ".example";
  try {
    static_cast<void>(co_await world_.resolver->resolve(host, 80, dns::Family::any));
  } catch (const Error&) {
    co_return;
  }
}

Task<http::Response> Interpreter::get(std::string_view path, bool secure) {
  if (world_.core) {
    const std::string_view base = secure ? "https://server" : "http://server";
    return http::test::request(world_.core, "GET", std::string(base) + std::string(path));
  }
  if (!world_.session) throw Error("a task of another loop came before the session");
  return world_.session->get((secure ? world_.secure_server_url : world_.server_url) +
                             std::string(path));
}

Task<> Interpreter::request(const Step& step) {
  const auto& answers = server_answers();
  try {
    const bool secure = step.pick / 32 % 8 == 0;
    auto response = co_await get(answers.at(step.pick % answers.size()).path, secure);
    co_await use_response(std::move(response), step.pick / 8);
  } catch (const Error&) {
    co_return;  // what a server does is no error of the program
  }
}

Task<> Interpreter::use_response(http::Response response, unsigned pick) {
  switch (pick % 4) {
    case 0:
      static_cast<void>(co_await response.read());
      break;
    case 1:
      static_cast<void>(co_await response.read_any());
      break;
    case 2:
      world_.kept_responses.push_back(std::move(response));
      break;
    default:
      break;  // dropped unread
  }
}

}  // namespace rondo::lifecycle
