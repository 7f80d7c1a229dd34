#pragma once
// TLS over any byte stream.
//
//   auto context = rondo::tls::TlsContext::client();
//   auto stream = co_await TlsStream::connect(std::move(tcp), context, "www.example", 443);

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/tls/tls_context.hpp"
#include "rondo/tls/tls_error.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::tls {

namespace detail {
class TlsPump;
}

/// A stream whose bytes travel encrypted over another one, which it owns. Reading ends with 0 after
/// the peer's `close_notify` only: when the connection ends without it, reads throw `TlsError` with
/// `Reason::truncated` (RFC 8446 §6.1), and the caller knows whether that matters. Reads and writes
/// need no coroutine frame. An idle stream holds no buffers. Renegotiation (TLS 1.2) is refused.
class TlsStream final : public net::ByteStream {
 public:
  /// Shakes hands as a client over `lower`. `host` is the name or IP address that the certificate
  /// must be for (RFC 9525: the subject's common name does not count) and, a name only, what SNI
  /// tells the server (RFC 6066 §3). A session that the context has kept for `host` and `port` is
  /// resumed. `alpn` replaces the context's protocols, unless it is empty.
  ///
  /// Throws `TlsError`, or what `lower` throws. Then, and when cancelled, `lower` is destroyed.
  static Task<std::unique_ptr<TlsStream>> connect(std::unique_ptr<net::ByteStream> lower,
                                                  std::shared_ptr<const TlsContext> context,
                                                  std::string host, std::uint16_t port,
                                                  std::vector<std::string> alpn = {});

  /// Shakes hands as a server. Errors and cancellation as above.
  static Task<std::unique_ptr<TlsStream>> accept(std::unique_ptr<net::ByteStream> lower,
                                                 std::shared_ptr<const TlsContext> context);

  ~TlsStream() override;

  /// The application protocol agreed on, or empty. Lasts as long as the stream.
  [[nodiscard]] std::string_view alpn() const noexcept;

  /// Describes the connection. Makes the text anew at each call.
  [[nodiscard]] TlsInfo info() const;

  /// Sends `close_notify`, awaits the peer's, and shuts the lower stream down. Data that still
  /// comes is thrown away, up to 256 KiB; more ends the waiting. Ends at once, without an error,
  /// when the stream has failed or fails meanwhile. Throws `Cancelled`, and what misuse of the
  /// lower stream throws.
  Task<> shut_down() override;

  /// Takes in session tickets (TLS 1.3) that have come since the last read.
  [[nodiscard]] bool is_quiet() noexcept override;

  [[nodiscard]] std::string_view peer() const noexcept override;

  bool start(rondo::detail::Operation& operation) noexcept override;
  void stop(rondo::detail::Operation& operation) noexcept override;
  [[noreturn]] void throw_error(const rondo::detail::Operation& operation) const override;

 private:
  explicit TlsStream(std::unique_ptr<detail::TlsPump> pump) noexcept;

  std::unique_ptr<detail::TlsPump> pump_;
};

}  // namespace rondo::tls
