#pragma once
// What moves bytes between a TLS engine and the stream below it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "rondo/net/byte_stream.hpp"
#include "rondo/runtime/operation.hpp"
#include "rondo/runtime/runnable.hpp"
#include "rondo/runtime/task.hpp"
#include "rondo/runtime/wait_queue.hpp"
#include "rondo/tls/tls_engine.hpp"

namespace rondo::tls::detail {

using rondo::detail::Operation;

/// Carries out a stream's reads and writes with operations of its own on the lower stream, at most
/// one each way. What TLS itself has to say (alerts, key updates) goes out without anybody asking,
/// and may be under way when no read or write is.
class TlsPump {
 public:
  template <class... Arguments>
  explicit TlsPump(std::unique_ptr<net::ByteStream> lower, Arguments&&... engine)
      : engine_(std::forward<Arguments>(engine)...), lower_(std::move(lower)) {}
  TlsPump(const TlsPump&) = delete;
  TlsPump& operator=(const TlsPump&) = delete;

  /// To be awaited before anything else. Throws `TlsError`, or what the lower stream throws.
  Task<> shake_hands();

  /// As `ByteStream::start` and `stop`.
  [[nodiscard]] bool start(Operation& operation) noexcept;
  void stop(Operation& operation) noexcept;

  /// Throws the failure of TLS, if it was that which `operation` ended with.
  void throw_if_tls_failed(const Operation& operation) const;

  /// As `ByteStream::is_quiet`.
  [[nodiscard]] bool is_quiet() noexcept;

  /// Puts `close_notify` into the output; the next write sends it, and is the last.
  void close() noexcept;

  /// Whether nothing can be sent any more.
  [[nodiscard]] bool is_broken() const noexcept {
    return output_error_ != 0 || engine_.has_failed();
  }

  /// The stream has gone: starts nothing any more on the lower one.
  void abandon() noexcept;

  /// Ends what is under way on the lower stream. False: that takes time, see `ended`.
  [[nodiscard]] bool stop_all() noexcept;

  /// Waits until nothing is under way on the lower stream.
  Task<> ended();

  [[nodiscard]] net::ByteStream& lower() const noexcept { return *lower_; }
  [[nodiscard]] const TlsEngine& engine() const noexcept { return engine_; }

 private:
  /// A read or write of the stream's user.
  struct Outer {
    Operation* operation = nullptr;
    bool has_ended = false;
    bool is_stopped = false;
  };

  /// An operation on the lower stream.
  struct Inner : Operation {
    Inner(TlsPump& owner, Kind kind_of_operation) noexcept;
    TlsPump& pump;
    bool is_pending = false;
    bool is_stopped = false;
  };

  /// The end of a client's handshake, which the first write takes along if it comes at once, as a
  /// request does; the loop's next turn sends it otherwise.
  struct LastFlight final : rondo::detail::Runnable {
    explicit LastFlight(TlsPump& owner) noexcept : pump(owner) {}
    void run() noexcept override;
    TlsPump& pump;
  };

  void run() noexcept;
  void report() noexcept;
  [[nodiscard]] bool advance_read() noexcept;
  [[nodiscard]] bool advance_write() noexcept;
  [[nodiscard]] TlsEngine::Status encrypt(Operation& write) noexcept;
  void begin_receive() noexcept;
  void begin_send() noexcept;
  void begin(Inner& inner) noexcept;
  void stop_inner(Inner& inner) noexcept;
  void take_result(const Inner& inner) noexcept;
  [[nodiscard]] bool wants_input() const noexcept;
  [[nodiscard]] bool is_idle() const noexcept { return !receive_.is_pending && !send_.is_pending; }
  Task<> send_flight(std::string flight);
  static void on_end(Operation& operation) noexcept;

  TlsEngine engine_;
  Outer reader_;
  Outer writer_;
  Inner receive_{*this, Operation::Kind::receive};
  Inner send_{*this, Operation::Kind::send};
  std::string sending_;  // what `send_` sends
  std::int64_t input_error_ = 0;
  std::int64_t output_error_ = 0;
  LastFlight last_flight_{*this};
  bool writer_wants_input_ = false;
  bool is_closed_ = false;
  bool is_running_ = false;
  bool runs_again_ = false;
  rondo::detail::WaitQueue idle_;
  std::unique_ptr<net::ByteStream> lower_;  // last: its end may end what is under way
};

}  // namespace rondo::tls::detail
