// After its end a connection is read until the client has closed as well: closing it with bytes
// unread would be a reset, which could overtake the answer.

#include "rondo/testing/http_server_connection.hpp"

#include <algorithm>
#include <utility>

#include "rondo/base/error.hpp"
#include "rondo/proto/http1_body.hpp"
#include "rondo/proto/http1_framing.hpp"
#include "rondo/tls/tls_stream.hpp"

namespace rondo::testing::detail {
namespace {

/// Origin form, or absolute form as proxies get it (RFC 9112 §3.2).
void split_target(HttpRequest& request) {
  std::string_view rest = request.target;
  if (const auto scheme = rest.find("://"); !rest.starts_with('/') && scheme != rest.npos) {
    rest.remove_prefix(std::min(rest.find('/', scheme + 3), rest.size()));
  }
  const auto mark = std::min(rest.find('?'), rest.size());
  request.path = rest.substr(0, mark);
  request.query = rest.substr(std::min(mark + 1, rest.size()));
}

}  // namespace

const HttpHandler* HttpServerState::find(std::string_view path) const {
  auto found = handlers.find(path);
  while (found == handlers.end() && !path.empty()) {
    path.remove_suffix(path.ends_with('/') ? 1 : 0);
    path = path.substr(0, path.rfind('/') + 1);
    found = handlers.find(path);
  }
  return found == handlers.end() ? nullptr : &found->second;
}

Task<> HttpServerConnection::run(std::unique_ptr<net::ByteStream> stream) {
  co_await open(std::move(stream));
  bool goes_on = co_await read_request();
  while (goes_on) {
    HttpReply reply = co_await answer();
    if (failure_ != nullptr) co_return;
    const bool is_kept = co_await send(std::move(reply));
    if (!is_kept) co_return;
    goes_on = co_await read_request();
  }
  if (error_ != proto::Http1Error::none) co_await refuse();
}

Task<> HttpServerConnection::open(std::unique_ptr<net::ByteStream> stream) {
  socket_ = static_cast<net::SocketStream*>(stream.get());  // what TcpListener accepts is one
  if (server_.tls == nullptr) {
    stream_ = std::move(stream);
  } else {
    stream_ = co_await tls::TlsStream::accept(std::move(stream), server_.tls);
  }
}

Task<bool> HttpServerConnection::refill() {
  const std::size_t count = co_await stream_->read(buffer_);
  input_ = std::string_view(buffer_.data(), count);
  co_return count > 0;
}

Task<bool> HttpServerConnection::read_request() {
  const bool has_head = co_await read_head();
  if (!has_head) co_return false;
  const proto::RequestHead head = parser_.take();
  client_keeps_alive_ = proto::keeps_alive(head);
  request_.method = head.method;
  request_.target = head.target;
  request_.headers = head.headers;
  request_.body.clear();
  split_target(request_);
  const bool has_body = co_await read_body(head);
  if (!has_body) co_return false;
  request_.connection = number_;
  ++request_.number;
  ++server_.requests;
  co_return true;
}

Task<bool> HttpServerConnection::read_head() {
  while (true) {
    const proto::ReadProgress progress = parser_.feed(input_);
    error_ = parser_.error();
    if (progress.state == proto::ReadState::error) co_return false;
    input_.remove_prefix(progress.consumed);
    if (progress.state == proto::ReadState::complete) co_return true;
    const bool has_more = co_await refill();
    if (!has_more) co_return false;
  }
}

Task<bool> HttpServerConnection::read_body(const proto::RequestHead& head) {
  const auto framing = proto::request_framing(head);
  if (!framing) {
    error_ = framing.error();
    co_return false;
  }
  proto::BodyDecoder body(*framing);
  const bool waits_for_word = head.headers.contains_token("Expect", "100-continue");
  if (waits_for_word && body.state() == proto::ReadState::need_more) {
    co_await stream_->write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  while (body.state() == proto::ReadState::need_more) {
    if (input_.empty()) {
      const bool has_more = co_await refill();
      if (!has_more) co_return false;
    }
    const proto::BodyPiece piece = body.feed(input_);
    request_.body.append(piece.data);
    input_.remove_prefix(piece.consumed);
  }
  error_ = body.error();
  co_return body.state() == proto::ReadState::complete;
}

Task<HttpReply> HttpServerConnection::answer() {
  const HttpHandler* handler = server_.find(request_.path);
  if (handler == nullptr) co_return HttpReply::of_status(404);
  const HttpHandler called = *handler;  // which may replace itself
  try {
    co_return co_await called(request_);
  } catch (const std::exception&) {
    failure_ = std::current_exception();
  }
  co_return HttpReply();
}

Task<bool> HttpServerConnection::send(HttpReply reply) {
  const ReplyEnding ending = reply.ending;
  const std::size_t cut_at = reply.cut_at;
  const ReplyMessage message = write_reply(std::move(reply), request_.method, client_keeps_alive_);
  const std::string_view head = std::string_view(message.head).substr(0, cut_at);
  const std::string_view body = std::string_view(message.body).substr(0, cut_at - head.size());
  co_await stream_->write(head, body);
  if (ending == ReplyEnding::keep_alive && message.keeps_alive) co_return true;
  co_await end(ending);
  co_return false;
}

Task<> HttpServerConnection::refuse() {
  HttpReply reply = HttpReply::text(std::string(proto::describe(error_)));
  reply.status = 400;
  client_keeps_alive_ = false;
  static_cast<void>(co_await send(std::move(reply)));
}

Task<> HttpServerConnection::end(ReplyEnding ending) {
  if (ending == ReplyEnding::reset) {
    socket_->reset_on_close();
    co_return;
  }
  if (ending == ReplyEnding::cut) {
    co_await socket_->shut_down();
  } else if (ending != ReplyEnding::silence) {
    co_await stream_->shut_down();
  }
  co_await drain();
}

Task<> HttpServerConnection::drain() {
  std::size_t count = 1;
  while (count > 0) count = co_await socket_->read(buffer_);
}

}  // namespace rondo::testing::detail
