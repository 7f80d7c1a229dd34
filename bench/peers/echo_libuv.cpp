// libuv against the echo server: uv_try_write, as libuv recommends it for small messages, and
// uv_read_start. TCP_NODELAY.
//
//   echo_libuv tcp://127.0.0.1:PORT/ COUNT CONNECTIONS BYTES

#include <uv.h>

#include <memory>
#include <string_view>
#include <vector>

#include "peers/load.hpp"

namespace {

using bench::Load;

struct Shared {
  uv_loop_t loop{};
  std::string message;
  std::vector<char> buffer = std::vector<char>(65536);
  std::size_t unsent = 0;
  std::size_t unfinished = 0;
};

struct Connection {
  Shared* shared = nullptr;
  uv_tcp_t socket{};
  uv_connect_t connecting{};
  std::size_t received = 0;

  void go_on() {
    if (shared->unsent == 0) return;
    --shared->unsent;
    const uv_buf_t message =
        uv_buf_init(shared->message.data(), static_cast<unsigned>(shared->message.size()));
    const int size = uv_try_write(reinterpret_cast<uv_stream_t*>(&socket), &message, 1);
    if (size != static_cast<int>(shared->message.size())) bench::fail("cannot send");
  }
};

void give_buffer(uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
  auto& bytes = static_cast<Connection*>(handle->data)->shared->buffer;
  *buffer = uv_buf_init(bytes.data(), static_cast<unsigned>(bytes.size()));
}

void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  auto& connection = *static_cast<Connection*>(stream->data);
  if (size < 0) bench::fail("the connection has ended");
  const std::string& message = connection.shared->message;
  const std::string_view piece(buffer->base, static_cast<std::size_t>(size));
  if (message.compare(connection.received, piece.size(), piece) != 0) {
    bench::fail("a wrong answer");
  }
  connection.received += piece.size();
  if (connection.received < message.size()) return;
  connection.received = 0;
  if (--connection.shared->unfinished == 0) uv_stop(&connection.shared->loop);
  connection.go_on();
}

void on_connect(uv_connect_t* request, int status) {
  if (status != 0) bench::fail("cannot connect");
  uv_read_start(request->handle, &give_buffer, &on_read);
  auto& shared = *static_cast<Connection*>(request->handle->data)->shared;
  if (--shared.unfinished == 0) uv_stop(&shared.loop);
}

void connect(Shared& shared, Connection& connection, const Load& load) {
  sockaddr_in address{};
  uv_ip4_addr(load.host.c_str(), std::stoi(load.port), &address);
  connection.shared = &shared;
  uv_tcp_init(&shared.loop, &connection.socket);
  uv_tcp_nodelay(&connection.socket, 1);
  connection.socket.data = &connection;
  uv_tcp_connect(&connection.connecting, &connection.socket,
                 reinterpret_cast<const sockaddr*>(&address), &on_connect);
}

void run(Shared& shared, std::vector<Connection>& connections, std::size_t count) {
  shared.unsent = count;
  shared.unfinished = count;
  for (Connection& connection : connections) connection.go_on();
  uv_run(&shared.loop, UV_RUN_DEFAULT);
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  Shared shared;
  uv_loop_init(&shared.loop);
  shared.message.assign(load.bytes, 'x');
  std::vector<Connection> connections(load.concurrency);
  shared.unfinished = load.concurrency;
  for (Connection& connection : connections) connect(shared, connection, load);
  uv_run(&shared.loop, UV_RUN_DEFAULT);
  run(shared, connections, load.warm_up());
  const bench::Measurement measurement;
  run(shared, connections, load.count);
  measurement.print(load.count);
}
