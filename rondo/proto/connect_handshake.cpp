// The request is written and the answer read by the same code as every other message.

#include "rondo/proto/connect_handshake.hpp"

#include <fmt/format.h>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_request.hpp"

namespace rondo::proto {
namespace {

constexpr int kMaxInterim = 16;

}  // namespace

ConnectHandshake::ConnectHandshake(const ConnectRequest& request, const Http1Limits& limits)
    : parser_(limits) {
  const std::string target = fmt::format("{}:{}", request.host, request.port);
  HeaderMap headers;
  if (request.headers != nullptr) headers = *request.headers;
  if (!request.authorization.empty()) headers.set("Proxy-Authorization", request.authorization);
  const bool has_host = !request.host.empty() && request.port != 0;
  if (!has_host || append_request_head({"CONNECT", target, target, headers}, output_)) {
    fail(ConnectError::bad_request);
  }
}

void ConnectHandshake::sent() noexcept {
  if (state_ != ConnectState::send) return;
  output_.clear();
  state_ = ConnectState::receive;
}

void ConnectHandshake::received(std::string_view bytes) {
  while (state_ == ConnectState::receive && !bytes.empty()) {
    const ReadProgress progress = parser_.feed(bytes);
    bytes.remove_prefix(progress.consumed);
    if (progress.state == ReadState::error) return fail(ConnectError::malformed);
    if (progress.state == ReadState::complete) judge(!bytes.empty());
  }
}

void ConnectHandshake::judge(bool bytes_follow) {
  head_ = parser_.take();
  const int status = head_.status;
  if (status == 101) return fail(ConnectError::refused);
  if (status < 200) {
    if (++interim_ > kMaxInterim) fail(ConnectError::too_many_interim);
    return;
  }
  if (status == 407) return fail(ConnectError::authentication_required);
  if (status >= 300) return fail(ConnectError::refused);
  // The client speaks first in all that we send through a tunnel.
  if (bytes_follow) return fail(ConnectError::unexpected_bytes);
  state_ = ConnectState::established;
}

void ConnectHandshake::end_of_input() noexcept {
  if (state_ == ConnectState::send || state_ == ConnectState::receive) fail(ConnectError::closed);
}

void ConnectHandshake::fail(ConnectError error) noexcept {
  state_ = ConnectState::failed;
  error_ = error;
  output_.clear();
}

std::string_view describe(ConnectError error) noexcept {
  switch (error) {
    case ConnectError::none:
      return "no error";
    case ConnectError::bad_request:
      return "the host or the credentials cannot be sent to a proxy";
    case ConnectError::malformed:
      return "the proxy's answer to CONNECT is malformed";
    case ConnectError::closed:
      return "the proxy closed the connection without an answer to CONNECT";
    case ConnectError::authentication_required:
      return "the proxy demands an authentication, or does not accept the one it was given";
    case ConnectError::refused:
      return "the proxy refused the tunnel";
    case ConnectError::too_many_interim:
      return "the proxy does not come to a final answer to CONNECT";
    case ConnectError::unexpected_bytes:
      return "the proxy sent more than the head of its answer to CONNECT";
  }
  return "";
}

}  // namespace rondo::proto
