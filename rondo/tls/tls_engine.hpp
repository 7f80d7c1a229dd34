#pragma once
// TLS without waiting: bytes in, bytes out.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/tls/openssl_handles.hpp"
#include "rondo/tls/tls_context.hpp"
#include "rondo/tls/tls_failure.hpp"
#include "rondo/tls/tls_info.hpp"
#include "rondo/tls/tls_target.hpp"

struct x509_store_ctx_st;

namespace rondo::tls::detail {

/// Memory for what a peer sends; an idle connection has none. Blocks go round among the connections
/// of a thread.
struct EndInputBlock {
  void operator()(char* block) const noexcept;
};

/// One connection. Whoever drives it puts in what the peer sends and sends what comes out; nothing
/// here throws once the engine is made. One thread.
class TlsEngine {
 public:
  enum class Status : std::uint8_t {
    done,
    wants_input,  ///< goes on when more has come from the peer
    closed,       ///< the peer has sent `close_notify`
    failed,       ///< for good, see `throw_failure`
  };

  /// Of the `input_space`: two records of the largest size (RFC 8446 §5.2) and what is around them,
  /// so that a record that fills its size costs one receive.
  static constexpr std::size_t kInputSize = std::size_t{33} * 1024;

  /// A client's. `alpn` replaces the context's protocols, unless it is empty.
  TlsEngine(std::shared_ptr<const TlsContext> context, const TlsTarget& target,
            const std::vector<std::string>& alpn);

  /// A server's; `peer` is how errors call the client.
  TlsEngine(std::shared_ptr<const TlsContext> context, std::string_view peer);

  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  [[nodiscard]] Status handshake() noexcept;

  /// Decrypts what has come. `count` is how much was put into `into`; the status says why it was
  /// nothing.
  [[nodiscard]] Status read(std::span<char> into, std::size_t& count) noexcept;

  /// Encrypts all of `plain`, or nothing unless `done`. Then to be repeated with the same bytes.
  [[nodiscard]] Status write(std::string_view plain) noexcept;

  /// Puts `close_notify` into the output.
  void close() noexcept;

  /// Takes in what has come and is not data, and says whether that was all.
  [[nodiscard]] bool is_quiet() noexcept;

  /// Whether the peer has neither ended the connection nor sent what was not looked at yet: then
  /// there is nothing to be read, and no need to ask OpenSSL.
  [[nodiscard]] bool is_empty() const noexcept;

  /// Room for what the peer sends; empty when there is no memory. Only when everything that came
  /// before has been used up (`wants_input`).
  [[nodiscard]] std::span<char> input_space() noexcept;

  /// `count` bytes have come, at the front of the `input_space`.
  void received(std::size_t count) noexcept;

  /// The peer's bytes have ended.
  void end_input() noexcept { input_ended_ = true; }

  /// Gives the memory for input back, if all of it has been used.
  void release_input() noexcept;

  [[nodiscard]] bool has_output() const noexcept { return !output_.empty(); }
  [[nodiscard]] std::size_t output_size() const noexcept { return output_.size(); }

  /// What is to be sent to the peer. The second one takes it in exchange for memory.
  [[nodiscard]] std::string take_output() noexcept;
  void take_output(std::string& into) noexcept;

  [[nodiscard]] bool is_client() const noexcept;
  [[nodiscard]] bool has_failed() const noexcept { return has_failed_; }
  [[noreturn]] void throw_failure() const;

  [[nodiscard]] std::string_view alpn() const noexcept;
  [[nodiscard]] TlsInfo info() const;

  // What OpenSSL calls.

  static void on_key_log(const ssl_st* ssl, const char* line);
  static int on_new_session(ssl_st* ssl, ssl_session_st* session);
  static int on_verify_chain(x509_store_ctx_st* verification, void* unused);
  static int on_verify(int is_good, x509_store_ctx_st* verification);
  static int on_bio_read(bio_st* bio, char* into, std::size_t size, std::size_t* count);
  static int on_bio_write(bio_st* bio, const char* data, std::size_t size, std::size_t* count);

 private:
  explicit TlsEngine(std::shared_ptr<const TlsContext> context);
  void aim_at(const TlsTarget& target);
  void offer_alpn(const std::vector<std::string>& alpn);
  void offer_session(const TlsTarget& target);
  void note_resumption() noexcept;
  [[nodiscard]] bool has_more() const noexcept;
  [[nodiscard]] bool matches_pins() noexcept;
  [[nodiscard]] Status judge(int result) noexcept;
  Status fail(TlsError::Reason reason, std::string_view words) noexcept;
  Status fail_with_openssl_error() noexcept;
  void note_fault(int code, int depth, const x509_st* certificate);

  std::shared_ptr<const TlsContext> context_;
  std::string peer_;         // in the words of errors
  std::string target_name_;  // empty for a server
  std::string session_key_;
  std::optional<TlsFailure> certificate_fault_;
  TlsFailure failure_;
  bool has_failed_ = false;
  bool failed_in_handshake_ = false;
  bool is_established_ = false;
  bool has_offered_session_ = false;
  bool input_ended_ = false;
  std::unique_ptr<char[], EndInputBlock> input_;
  std::size_t input_begin_ = 0;
  std::size_t input_end_ = 0;
  std::string output_;
  SslHandle ssl_;
};

}  // namespace rondo::tls::detail
