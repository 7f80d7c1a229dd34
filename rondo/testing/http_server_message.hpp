#pragma once
// What a test server is asked, and what it answers.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"

namespace rondo::testing {

/// A request, read whole.
struct HttpRequest {
  std::string method;
  std::string target;  ///< as it was sent
  std::string path;    ///< of the target, not decoded: "/a" of "/a?b" and of "http://host/a?b"
  std::string query;   ///< behind the "?", not decoded
  proto::HeaderMap headers;
  std::string body;
  std::size_t connection = 0;  ///< which of the server's connections it came on, from 1
  std::size_t number = 0;      ///< which of that connection's requests it is, from 1
};

/// How the end of a reply's body shows (RFC 9112 §6.3).
enum class ReplyFraming : std::uint8_t { sized, chunked, until_close };

/// What becomes of the connection after a reply.
enum class ReplyEnding : std::uint8_t {
  keep_alive,  ///< the next request is awaited, unless a Connection field of either side says close
  close,       ///< ends in good order, announced or not; TLS with `close_notify`
  cut,         ///< ends as if the server had died: TLS without `close_notify`
  reset,       ///< a TCP reset
  silence,     ///< nothing happens any more, until the client closes
};

/// What the server answers, and where it fails to. The defaults are an empty, sized "200".
struct HttpReply {
  int status = 200;

  /// Content-Length, Transfer-Encoding and Connection are added as the reply needs them. One that
  /// is here already goes out as it is, right or wrong.
  proto::HeaderMap headers;

  std::string body;
  ReplyFraming framing = ReplyFraming::sized;

  /// Bytes of each chunk but the last, where `framing` is `chunked`.
  std::size_t chunk_size = std::size_t{16} * 1024;

  /// Sent in place of everything above.
  std::optional<std::string> raw;

  /// Only this many bytes of the message, its head included, are sent: then comes `ending`.
  std::size_t cut_at = static_cast<std::size_t>(-1);
  ReplyEnding ending = ReplyEnding::keep_alive;

  /// A 200 with that body, as text/plain.
  [[nodiscard]] static HttpReply text(std::string body);

  /// Only a status, as in `HttpReply::of_status(404)`.
  [[nodiscard]] static HttpReply of_status(int status);

  /// A redirect to `location`.
  [[nodiscard]] static HttpReply redirect(std::string_view location, int status = 302);

  /// These bytes, whether they are HTTP or not.
  [[nodiscard]] static HttpReply bytes(std::string raw, ReplyEnding ending = ReplyEnding::close);
};

/// A reply as it goes over the wire: `head` and `body` one behind the other.
struct ReplyMessage {
  std::string head;
  std::string body;
  bool keeps_alive = false;  ///< whether the client was told that another request may follow
};

/// Writes `reply` as the answer to a request with that method, whose sender wants to keep the
/// connection or does not. A HEAD gets the head alone, as 1xx, 204 and 304 do.
[[nodiscard]] ReplyMessage write_reply(HttpReply reply, std::string_view method,
                                       bool client_keeps_alive);

}  // namespace rondo::testing
