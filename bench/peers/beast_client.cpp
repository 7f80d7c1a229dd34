// Boost.Beast on Asio coroutines, written by hand: each coroutine keeps one connection, which it
// opens again when the server has closed it. One thread, said to the io_context; the executor's
// type known; no time-outs; TCP_NODELAY; the buffer reserved for the largest read that Beast does
// (64 KiB), without which large bodies cost four times as much; one SSL context for all, which
// verifies the server and resumes nothing.

#include <exception>
#include <optional>
#include <utility>  // which Boost 1.74 uses and forgets
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "peers/load.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using bench::Load;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsStream = beast::ssl_stream<Socket>;
template <class T>
using Awaitable = asio::awaitable<T, Executor>;
constexpr asio::use_awaitable_t<Executor> kAwait;

struct Shared {
  const Load& load;
  asio::io_context context{1};
  asio::ssl::context tls{asio::ssl::context::tls_client};
  http::request<http::empty_body> request{http::verb::get, load.target, 11};
  std::size_t unsent = 0;
};

Awaitable<void> connect(Shared& shared, Socket& socket) {
  const auto port = static_cast<unsigned short>(std::stoul(shared.load.port));
  co_await socket.async_connect({asio::ip::make_address(shared.load.host), port}, kAwait);
  socket.set_option(asio::ip::tcp::no_delay(true));
}

Awaitable<void> open(Shared& shared, std::optional<Socket>& stream) {
  stream.emplace(shared.context);
  co_await connect(shared, *stream);
}

Awaitable<void> open(Shared& shared, std::optional<TlsStream>& stream) {
  stream.emplace(shared.context, shared.tls);
  co_await connect(shared, stream->next_layer());
  stream->set_verify_callback(asio::ssl::host_name_verification(shared.load.host));
  co_await stream->async_handshake(asio::ssl::stream_base::client, kAwait);
}

/// Gives whether the connection can be used again.
template <class Stream>
Awaitable<bool> receive_whole(const Load& load, Stream& stream, beast::flat_buffer& buffer) {
  http::response_parser<http::string_body> parser;
  parser.body_limit(load.bytes);
  co_await http::async_read(stream, buffer, parser, kAwait);
  bench::check_answer(load, parser.get().result_int(), parser.get().body());
  co_return parser.get().keep_alive();
}

template <class Stream>
Awaitable<bool> receive_streamed(const Load& load, Stream& stream, beast::flat_buffer& buffer) {
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(load.bytes);
  co_await http::async_read_header(stream, buffer, parser, kAwait);
  std::vector<char> piece(256 * 1024);
  std::size_t length = 0;
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    beast::error_code error;
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(kAwait, error));
    if (error && error != http::error::need_buffer) throw beast::system_error(error);
    length += piece.size() - parser.get().body().size;
  }
  bench::check_length(load, parser.get().result_int(), length);
  co_return parser.get().keep_alive();
}

template <class Stream>
struct Connection {
  std::optional<Stream> stream;
  beast::flat_buffer buffer;
};

template <class Stream>
Awaitable<void> work(Shared& shared, Connection<Stream>& connection) {
  auto& [stream, buffer] = connection;
  while (shared.unsent > 0) {
    --shared.unsent;
    if (!stream) co_await open(shared, stream);
    co_await http::async_write(*stream, shared.request, kAwait);
    bool reusable = false;
    if (shared.load.streamed()) {
      reusable = co_await receive_streamed(shared.load, *stream, buffer);
    } else {
      reusable = co_await receive_whole(shared.load, *stream, buffer);
    }
    if (!reusable) stream.reset();
  }
}

template <class Stream>
void run(Shared& shared, std::vector<Connection<Stream>>& connections, std::size_t count) {
  shared.unsent = count;
  for (auto& connection : connections) {
    asio::co_spawn(shared.context, work(shared, connection), [](const std::exception_ptr& failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  shared.context.restart();
  shared.context.run();
}

template <class Stream>
void run_all(Shared& shared) {
  std::vector<Connection<Stream>> connections(shared.load.concurrency);
  for (auto& connection : connections) connection.buffer.reserve(64 * 1024);
  run(shared, connections, shared.load.warm_up());
  const bench::Measurement measurement;
  run(shared, connections, shared.load.count);
  measurement.print(shared.load.count);
}

}  // namespace

int main(int argc, char** argv) {
  const Load load = bench::parse_load(argc, argv);
  Shared shared{.load = load};
  shared.request.set(http::field::host, load.host + ":" + load.port);
  if (!load.tls) {
    run_all<Socket>(shared);
    return 0;
  }
  shared.tls.set_verify_mode(asio::ssl::verify_peer);
  shared.tls.load_verify_file(load.ca_file);
  run_all<TlsStream>(shared);
}
