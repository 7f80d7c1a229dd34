#pragma once
// What a TLS context is made of.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rondo::tls {

enum class TlsVersion : std::uint8_t { tls_1_2, tls_1_3 };

/// Options of `TlsContext::client` and `TlsContext::server`. The defaults are right for a client of
/// public servers. Make a context in a statement of its own, not inside a `co_await` (GCC 12
/// destroys the options twice there).
struct TlsOptions {
  /// Trusted roots: a PEM file, and a directory laid out by `openssl rehash`. For a client they
  /// replace the system's. A server with roots demands a certificate from its clients.
  std::string ca_file = {};
  std::string ca_directory = {};

  /// The own certificate, followed by the intermediate ones, in a PEM file. Required for servers;
  /// a client shows its to servers that ask.
  std::string certificate_file = {};

  /// The key in PEM; empty: it is in `certificate_file`. The password is for an encrypted one.
  std::string key_file = {};
  std::string key_password = {};

  TlsVersion min_version = TlsVersion::tls_1_2;
  TlsVersion max_version = TlsVersion::tls_1_3;

  /// Application protocols, the preferred one first, such as "h2" and "http/1.1" (RFC 7301). A
  /// server goes by its own preference, and refuses clients with none of these.
  std::vector<std::string> alpn = {};

  /// TLS 1.2 ciphers, in the format of `openssl ciphers`; empty: OpenSSL's choice.
  std::string ciphers = {};

  /// TLS 1.3 ciphers, separated by colons; empty: OpenSSL's choice.
  std::string ciphersuites = {};

  /// Clients: accept any certificate, for any host. Whoever sits in between then reads and changes
  /// everything.
  bool insecure = false;

  /// Clients: the only certificates that are accepted, by their SHA-256. A certificate pin has 64
  /// hexadecimal digits, with or without colons (`openssl x509 -noout -fingerprint -sha256`); a pin
  /// of a public key is "sha256//" and base64 (RFC 7469 §2.4, curl's `--pinnedpubkey`). One match
  /// in either list is enough. Pins come on top of the verification; with `insecure`, in its place.
  std::vector<std::string> certificate_pins = {};
  std::vector<std::string> public_key_pins = {};

  /// Clients: keep sessions for this many hosts, to resume them; 0: none.
  std::size_t session_cache_size = 256;

  /// Whether session tickets (RFC 5077, RFC 8446 §4.6.1) are asked for and kept or, by a server,
  /// issued. A client without them resumes nothing.
  bool session_tickets = true;

  /// Append the keys of each connection to this file, in the format of `SSLKEYLOGFILE`: whoever
  /// has it can decrypt the traffic. Empty: nowhere. The environment is not looked at.
  std::string key_log_file = {};
};

}  // namespace rondo::tls
