#pragma once
// The client's side of the SOCKS handshake: version 5 (RFC 1928) with user name and password (RFC
// 1929), and version 4a. Bytes in, bytes out; whoever has the connection moves them:
//
//   SocksHandshake socks(SocksVersion::v5, {"example.org", 443}, {"user", "password"});
//   while (true) {
//     if (socks.state() == SocksState::send) {
//       co_await stream.write(socks.to_send());
//       socks.sent();
//     } else if (socks.state() == SocksState::receive) {
//       const std::size_t size = co_await stream.read({buffer, socks.wanted()});
//       if (size == 0) socks.end_of_input(); else socks.received({buffer, size});
//     } else {
//       break;
//     }
//   }

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rondo::proto {

/// What is spoken. Whether a name is looked up here ("socks5") or by the proxy ("socks5h") is up to
/// what the caller gives as the host: the handshake is the same.
enum class SocksVersion : std::uint8_t { v4a, v5 };

/// Why a proxy cannot be used for a connection.
enum class SocksError : std::uint8_t {
  none,
  // Found before anything is sent.
  bad_host,
  host_too_long,
  bad_credentials,
  credentials_too_long,
  password_in_version_4,
  // What the proxy says, or fails to.
  not_socks,
  authentication_required,
  authentication_refused,
  unexpected_method,
  bad_reply,
  closed,
  general_failure,
  not_allowed,
  network_unreachable,
  host_unreachable,
  connection_refused,
  ttl_expired,
  command_not_supported,
  address_type_not_supported,
  unassigned_code,
  rejected,
  identd_unreachable,
  identd_mismatch
};

/// One line for people, as in "the SOCKS proxy ...", without credentials.
[[nodiscard]] std::string_view describe(SocksError error) noexcept;

/// What the proxy is to connect to.
struct SocksTarget {
  /// A domain in ASCII or an IP address without brackets. An IPv4 or IPv6 address goes as such,
  /// anything else as a name. (Version 4a has no IPv6: there it goes as a name, as curl does it.)
  std::string_view host;
  std::uint16_t port = 0;
};

/// Both empty: none. Version 4a knows only a user, who is named and not proven.
struct SocksCredentials {
  std::string_view user;
  std::string_view password;
};

enum class SocksState : std::uint8_t {
  send,         ///< `to_send()` has to be written, then `sent()` called
  receive,      ///< at most `wanted()` bytes have to be read, then `received()` called
  established,  ///< every further byte belongs to the connection behind the proxy
  failed        ///< `error()` says why; the connection to the proxy is to be closed
};

/// One handshake. It copies what it is given, so the views need not last.
class SocksHandshake {
 public:
  /// Starts in `send`, or in `failed` if this cannot be said in SOCKS.
  SocksHandshake(SocksVersion version, const SocksTarget& target,
                 const SocksCredentials& credentials = {});

  [[nodiscard]] SocksState state() const noexcept { return state_; }

  /// Why the state is `failed`; otherwise `none`.
  [[nodiscard]] SocksError error() const noexcept { return error_; }

  /// What is to be written now; valid until `sent()`.
  [[nodiscard]] std::string_view to_send() const noexcept { return output_; }
  void sent() noexcept;

  /// How many bytes this step lacks, at least 1 and at most 255: reading more would take bytes of
  /// the connection behind the proxy.
  [[nodiscard]] std::size_t wanted() const noexcept { return step_size_ - input_.size(); }

  /// `bytes` are at most `wanted()`, and may be less.
  void received(std::string_view bytes);

  /// The proxy has closed the connection.
  void end_of_input() noexcept;

 private:
  enum class Step : std::uint8_t { method, authentication, reply_head, reply_rest, reply_4 };

  void start_4(const SocksTarget& target, const SocksCredentials& credentials);
  void start_5(const SocksTarget& target, const SocksCredentials& credentials);
  bool set_request_5(const SocksTarget& target);
  void expect(Step step, std::size_t size) noexcept;
  void send(std::string bytes, Step answer, std::size_t answer_size);
  void check_early();
  void finish_step();
  void on_method();
  void on_reply_head();
  void fail(SocksError error) noexcept;

  SocksState state_ = SocksState::send;
  SocksError error_ = SocksError::none;
  Step step_ = Step::method;
  std::size_t step_size_ = 0;
  std::string output_;
  std::string input_;           // of this step, so far
  std::string request_;         // version 5: what follows the authentication
  std::string authentication_;  // version 5: empty if there are no credentials
};

}  // namespace rondo::proto
