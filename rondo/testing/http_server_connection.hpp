#pragma once
// One connection of a test server.

#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "rondo/net/socket_stream.hpp"
#include "rondo/net/tcp.hpp"
#include "rondo/proto/http1_error.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/testing/http_server.hpp"

namespace rondo::testing::detail {

/// What the server's tasks share. It lasts as long as the last of them.
struct HttpServerState {
  explicit HttpServerState(const HttpServerOptions& options)
      : listener(net::SocketAddress::loopback(options.port)), tls(options.tls) {}

  /// The handler for `path`, or null.
  [[nodiscard]] const HttpHandler* find(std::string_view path) const;

  net::TcpListener listener;
  std::shared_ptr<const tls::TlsContext> tls;
  std::map<std::string, HttpHandler, std::less<>> handlers;
  std::size_t connections = 0;
  std::size_t requests = 0;
};

/// Reads requests and answers them, one after the other.
class HttpServerConnection {
 public:
  HttpServerConnection(HttpServerState& server, std::size_t number) noexcept
      : server_(server), number_(number) {}

  /// From the TLS handshake to the end. Throws what the stream throws.
  Task<> run(std::unique_ptr<net::ByteStream> stream);

  /// Throws what a handler has thrown, if one has.
  void rethrow_failure() const {
    if (failure_ != nullptr) std::rethrow_exception(failure_);
  }

 private:
  Task<> open(std::unique_ptr<net::ByteStream> stream);
  Task<bool> refill();
  Task<bool> read_request();
  Task<bool> read_head();
  Task<bool> read_body(const proto::RequestHead& head);
  Task<HttpReply> answer();
  Task<bool> send(HttpReply reply);
  Task<> refuse();
  Task<> end(ReplyEnding ending);
  Task<> drain();

  HttpServerState& server_;
  std::size_t number_;
  std::unique_ptr<net::ByteStream> stream_;
  net::SocketStream* socket_ = nullptr;  // stream_, or what TLS has below it
  std::array<char, std::size_t{16} * 1024> buffer_{};
  std::string_view input_;  // of the buffer: what has been read and not been used
  proto::RequestHeadParser parser_;
  proto::Http1Error error_ = proto::Http1Error::none;
  HttpRequest request_;
  bool client_keeps_alive_ = true;
  std::exception_ptr failure_;
};

}  // namespace rondo::testing::detail
