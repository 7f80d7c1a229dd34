// The actions that use streams and HTTP. In virtual time the network is memory: a timer would
// overtake a socket.

#include <array>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/runtime/event_loop.hpp"
#include "rondo/testing/http_server.hpp"

#include "interpreter.hpp"
#include "memory_network.hpp"
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

}  // namespace

Task<> Interpreter::main() {
  if (world_.setting == Setting::virtual_time) {
    auto network = std::make_unique<MemoryNetwork>(world_);
    world_.core = http::test::make_core(get_running_loop(), std::move(network), {.total = 3});
    co_await run_until_stopped();
  } else {
    co_await with_task_group([this](TaskGroup& group) -> Task<> {
      testing::HttpServer server(group);
      co_await serve(server);
      world_.server_url = server.url("");
      world_.session = std::make_unique<http::ClientSession>();
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

Task<http::Response> Interpreter::get(std::string_view path) {
  if (world_.core)
    return http::test::request(world_.core, "GET", "http://server" + std::string(path));
  if (!world_.session) throw Error("a task of another loop came before the session");
  return world_.session->get(world_.server_url + std::string(path));
}

Task<> Interpreter::request(const Step& step) {
  const auto& answers = server_answers();
  try {
    auto response = co_await get(answers.at(step.pick % answers.size()).path);
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
