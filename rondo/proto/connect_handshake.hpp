#pragma once
// Asks an HTTP proxy for a tunnel: the CONNECT request and the judgement of its answer (RFC 9110
// §9.3.6). Bytes in, bytes out, as in socks.hpp.

#include <cstdint>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_error.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/proto/http1_limits.hpp"

namespace rondo::proto {

/// What to ask for. Copied at once.
struct ConnectRequest {
  /// As in `Url::hostname()`: an IPv6 address in brackets.
  std::string_view host;
  /// Written in any case (RFC 9112 §3.2.3).
  std::uint16_t port = 0;
  /// Value of Proxy-Authorization; empty: none.
  std::string_view authorization;
  /// Fields beside those; null: none.
  const HeaderMap* headers = nullptr;
};

enum class ConnectState : std::uint8_t {
  send,         ///< `to_send()` has to be written, then `sent()` called
  receive,      ///< bytes have to be read, then `received()` called
  established,  ///< the tunnel is there
  failed        ///< `error()` says why; the connection to the proxy is to be closed
};

/// Why there is no tunnel.
enum class ConnectError : std::uint8_t {
  none,
  bad_request,              ///< host or credentials cannot be written into a request
  malformed,                ///< the answer is no HTTP/1; `http1_error()` says why
  closed,                   ///< the proxy closed the connection before it had answered
  authentication_required,  ///< 407
  refused,                  ///< any other status than 2xx; `head()` has it
  too_many_interim,         ///< more 1xx answers than anybody needs
  unexpected_bytes  ///< bytes behind the answer, before anything was sent through the tunnel
};

/// One line for people, as in "the proxy ...".
[[nodiscard]] std::string_view describe(ConnectError error) noexcept;

/// One CONNECT. Framing fields of a 2xx answer are ignored, as they have to be; the body of any
/// other is not read, since the connection ends with it.
class ConnectHandshake {
 public:
  explicit ConnectHandshake(const ConnectRequest& request, const Http1Limits& limits = {});

  [[nodiscard]] ConnectState state() const noexcept { return state_; }
  [[nodiscard]] ConnectError error() const noexcept { return error_; }
  [[nodiscard]] Http1Error http1_error() const noexcept { return parser_.error(); }

  /// What is to be written; valid until `sent()`.
  [[nodiscard]] std::string_view to_send() const noexcept { return output_; }
  void sent() noexcept;

  void received(std::string_view bytes);
  /// The proxy has closed the connection.
  void end_of_input() noexcept;

  /// The answer, once there is one: status 0 before.
  [[nodiscard]] const ResponseHead& head() const noexcept { return head_; }

 private:
  void judge(bool bytes_follow);
  void fail(ConnectError error) noexcept;

  ConnectState state_ = ConnectState::send;
  ConnectError error_ = ConnectError::none;
  int interim_ = 0;
  std::string output_;
  ResponseHeadParser parser_;
  ResponseHead head_;
};

}  // namespace rondo::proto
