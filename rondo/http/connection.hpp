#pragma once
// The one interface of HTTP/1 and HTTP/2 connections: the session does not know which it speaks.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/total_limit.hpp"
#include "rondo/proto/http1_head.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/tls/tls_info.hpp"

namespace rondo::http {

class Http1Exchange;
struct Hop;
struct Stage;

/// How far a request had come when its exchange failed: what a replay is decided by.
enum class Progress : std::uint8_t {
  unsent,    ///< nothing has left
  sent,      ///< some of it has, and nothing has come back
  answered,  ///< bytes of the answer have come
};

/// Why an exchange or a body failed, before it is told which URL it was for.
enum class ExchangeFault : std::uint8_t {
  disconnected,
  timed_out,
  system,
  tls,
  protocol,
  payload,
  request,  ///< the body that was to be sent is not what it said
};

/// Thrown by connections; the session makes a `ClientError` of it.
struct ExchangeFailure {
  ExchangeFault fault;
  std::string reason;
  std::exception_ptr cause;
};

/// The body of one answer, as it comes off the connection: framing removed, content coding not.
class BodySource {
 public:
  BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;
  virtual ~BodySource() = default;

  /// What is there already: a view that lasts until the next call of any member function. Empty:
  /// nothing is. Throws `ExchangeFailure`.
  [[nodiscard]] virtual std::string_view take() = 0;

  /// Waits until there is more to take, or the body has ended. Throws `ExchangeFailure`, also when
  /// the connection ends before the body does, and when `limit` is over. Cancelling loses nothing.
  virtual Task<> fill(std::optional<TotalLimit> limit) = 0;

  /// Reads on, straight into `into` where the connection can. 0: the body has ended. Throws as
  /// `fill` does.
  virtual Task<std::size_t> read_into(std::span<char> into, std::optional<TotalLimit> limit) = 0;

  [[nodiscard]] virtual bool at_end() const noexcept = 0;

  /// How many bytes are still to come, if that is known.
  [[nodiscard]] virtual std::optional<std::uint64_t> remaining() const noexcept = 0;

  /// The fields behind the body, once it has ended.
  [[nodiscard]] virtual proto::HeaderMap trailers() const { return {}; }
};

/// A head and the body behind it. The source belongs to the connection.
struct Reply {
  proto::ResponseHead head;
  BodySource* body = nullptr;
  bool may_have_trailers = false;
  bool has_left_body = false;  ///< it came before the body of the request was sent, which never was
  std::vector<proto::ResponseHead> informational = {};  ///< but for 100 Continue
};

/// A connection that requests are exchanged over. Loop thread only.
class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// An exchange sends the request, its body only when the server has agreed where `hop` expects
  /// that, and reads the head of the final answer and the informational ones in front of it into
  /// `reply`, in exchange for the memory of its head. It drops the head of `hop` once that has
  /// left, and notes in `stage` the phases `send` and `wait`, and their times.
  ///
  /// In three steps, of which the last is mostly not needed. `begin_exchange`, awaited, says
  /// whether something of the answer has come. Then `take_answer` says whether that is the head as
  /// a whole. `finish_exchange` does all that is left. Nobody needs a reply before there is an
  /// answer; it is the same from then on, and new at first.
  ///
  /// All throw `ExchangeFailure`, and what the body's stream throws; `progress` tells then how far
  /// it came. A server that answers before it has taken the whole request is no failure: the rest
  /// is then sent while the answer is read, and given up with the connection. Cancelled, they leave
  /// the connection of no further use.
  virtual Http1Exchange begin_exchange(Hop& hop, Stage& stage) = 0;
  [[nodiscard]] virtual bool take_answer(const Hop& hop, Stage& stage, Reply& reply) = 0;
  virtual Task<> finish_exchange(Hop& hop, Stage& stage, Reply& reply) = 0;

  [[nodiscard]] virtual Progress progress() const noexcept = 0;

  /// Whether another request may follow: the last exchange is over, and both sides keep the
  /// connection.
  [[nodiscard]] virtual bool is_reusable() const noexcept = 0;

  /// The connection is idle from now on: lets go of what only a busy one needs.
  virtual void rest() noexcept = 0;

  /// Whether an idle connection is still alive, as far as can be told without waiting.
  [[nodiscard]] virtual bool is_quiet() noexcept = 0;

  /// Ends the connection in good order; see `net::ByteStream::shut_down`.
  virtual Task<> shut_down() = 0;

  /// Whether ending it in good order takes more than closing it.
  [[nodiscard]] virtual bool needs_shut_down() const noexcept = 0;

  [[nodiscard]] virtual std::string_view peer() const noexcept = 0;

  /// What is known of the TLS connection to the server; null: there is none.
  [[nodiscard]] virtual const std::shared_ptr<const tls::TlsInfo>& tls() const noexcept = 0;

  /// "1.1"; what JSON results and logs call it.
  [[nodiscard]] virtual std::string_view http_version() const noexcept = 0;
};

}  // namespace rondo::http
