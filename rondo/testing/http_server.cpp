// The server is one task of the caller's group, and has a group of its own for its connections: to
// cancel the task is to end them all.

#include "rondo/testing/http_server.hpp"

#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/testing/http_server_connection.hpp"
#include "rondo/tls/tls_error.hpp"

namespace rondo::testing {
namespace {

using SharedState = std::shared_ptr<detail::HttpServerState>;

Task<> converse(SharedState state, std::unique_ptr<net::ByteStream> stream) {
  detail::HttpServerConnection connection(*state, ++state->connections);
  try {
    co_await connection.run(std::move(stream));
  } catch (const OsError&) {
    // Clients may come and go as they like.
  } catch (const tls::TlsError&) {
  }
  connection.rethrow_failure();
}

Task<> serve(SharedState state) {
  co_await with_task_group([&state](TaskGroup& connections) -> Task<> {
    while (true) {
      auto stream = co_await state->listener.accept();
      connections.spawn(converse, state, std::move(stream));
    }
  });
}

Task<HttpReply> always(HttpReply reply) {
  co_return reply;
}

}  // namespace

HttpServer::HttpServer(TaskGroup& group, const HttpServerOptions& options)
    : state_(std::make_shared<detail::HttpServerState>(options)),
      serving_(group.spawn(serve(state_))) {}

HttpServer::~HttpServer() {
  serving_.cancel("the test server has ended");
}

void HttpServer::on(std::string path, HttpHandler handler) {
  state_->handlers.insert_or_assign(std::move(path), std::move(handler));
}

void HttpServer::on(std::string path, HttpReply reply) {
  on(std::move(path),
     [reply = std::move(reply)](const HttpRequest& /*request*/) { return always(reply); });
}

std::uint16_t HttpServer::port() const noexcept {
  return state_->listener.local_address().port();
}

std::string HttpServer::url(std::string_view path) const {
  std::string url = state_->tls == nullptr ? "http://127.0.0.1:" : "https://127.0.0.1:";
  return url.append(std::to_string(port())).append(path);
}

std::size_t HttpServer::connections() const noexcept {
  return state_->connections;
}

std::size_t HttpServer::requests() const noexcept {
  return state_->requests;
}

}  // namespace rondo::testing
