#pragma once
// What a session throws: aiohttp's tree.
//
//   ClientError
//   ├─ ClientConnectionError
//   │  ├─ ClientOSError
//   │  │  └─ ClientConnectorError            could not connect
//   │  │     ├─ ClientConnectorDNSError      the name has no address
//   │  │     ├─ ClientConnectorSSLError      the TLS handshake failed
//   │  │     │  └─ ClientConnectorCertificateError
//   │  │     │     └─ ServerFingerprintMismatch   no pin is that of the certificate
//   │  │     ├─ ClientProxyConnectionError   the proxy is out of reach, or breaks its protocol
//   │  │     └─ AddressDenied                the address policy forbids it
//   │  ├─ CircuitOpenError                 the host has failed too often: not tried
//   │  └─ ServerConnectionError
//   │     ├─ ServerDisconnectedError         the connection ended before the answer
//   │     └─ ServerTimeoutError
//   │        └─ ConnectionTimeoutError       while waiting for a connection
//   ├─ ClientResponseError                   has the status and the headers
//   │  ├─ ClientProtocolError                the answer is not HTTP
//   │  ├─ ContentTypeError
//   │  ├─ ClientHttpProxyError               the proxy opens no tunnel: has its status
//   │  ├─ ServerAuthenticationError          cannot prove that it knows the password
//   │  └─ TooManyRedirects
//   ├─ ClientPayloadError                    the body is cut, damaged or too large
//   │  └─ ResponseTooLarge
//   ├─ InvalidRequest                        cannot be sent as it is
//   └─ InvalidURL
//      ├─ NonHttpUrlError
//      ├─ InsecureUrlError                    http in a session that is https only
//      └─ InvalidUrlRedirectError             a Location that is no URL
//         └─ NonHttpUrlRedirectError
//
// Each names the URL, never with credentials, and the phase. No message holds the value of a
// header.

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "rondo/base/error.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// Where a request was when something happened to it.
enum class Phase : std::uint8_t { plan, queue, resolve, connect, proxy, tls, send, wait, receive };

[[nodiscard]] std::string_view to_string(Phase phase) noexcept;

/// Where and when: what all errors of a request have in common.
struct ErrorSite {
  std::string url;  ///< without credentials
  Phase phase = Phase::plan;
};

/// Base of everything a session throws, except `Cancelled` and misuse.
class ClientError : public Error {
 public:
  ClientError(const ErrorSite& site, const std::string& reason, std::exception_ptr cause = nullptr);

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }

  /// The exception behind this one, or null.
  [[nodiscard]] const std::exception_ptr& cause() const noexcept { return cause_; }

 private:
  std::string url_;
  Phase phase_;
  std::exception_ptr cause_;
};

class ClientConnectionError : public ClientError {
 public:
  using ClientError::ClientError;
};

/// The operating system ended it.
class ClientOSError : public ClientConnectionError {
 public:
  using ClientConnectionError::ClientConnectionError;
};

class ClientConnectorError : public ClientOSError {
 public:
  using ClientOSError::ClientOSError;
};

class ClientConnectorDNSError : public ClientConnectorError {
 public:
  using ClientConnectorError::ClientConnectorError;
};

class ClientConnectorSSLError : public ClientConnectorError {
 public:
  using ClientConnectorError::ClientConnectorError;
};

class ClientConnectorCertificateError : public ClientConnectorSSLError {
 public:
  using ClientConnectorSSLError::ClientConnectorSSLError;
};

class ServerFingerprintMismatch : public ClientConnectorCertificateError {
 public:
  using ClientConnectorCertificateError::ClientConnectorCertificateError;
};

class ClientProxyConnectionError : public ClientConnectorError {
 public:
  using ClientConnectorError::ClientConnectorError;
};

class AddressDenied : public ClientConnectorError {
 public:
  using ClientConnectorError::ClientConnectorError;
};

/// A circuit breaker holds requests to the host back; see circuit_breaker_middleware.hpp.
class CircuitOpenError : public ClientConnectionError {
 public:
  using ClientConnectionError::ClientConnectionError;
};

class ServerConnectionError : public ClientConnectionError {
 public:
  using ClientConnectionError::ClientConnectionError;
};

class ServerDisconnectedError : public ServerConnectionError {
 public:
  using ServerConnectionError::ServerConnectionError;
};

/// A time-out of `ClientTimeout` passed.
class ServerTimeoutError : public ServerConnectionError {
 public:
  using ServerConnectionError::ServerConnectionError;
};

class ConnectionTimeoutError : public ServerTimeoutError {
 public:
  using ServerTimeoutError::ServerTimeoutError;
};

/// Something about an answer whose head has arrived.
class ClientResponseError : public ClientError {
 public:
  ClientResponseError(const ErrorSite& site, const std::string& reason, int status = 0,
                      proto::HeaderMap headers = {});

  /// 0 when no status line could be read.
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const proto::HeaderMap& headers() const noexcept { return headers_; }

 private:
  int status_;
  proto::HeaderMap headers_;
};

class ClientProtocolError : public ClientResponseError {
 public:
  using ClientResponseError::ClientResponseError;
};

class ContentTypeError : public ClientResponseError {
 public:
  using ClientResponseError::ClientResponseError;
};

class ClientHttpProxyError : public ClientResponseError {
 public:
  using ClientResponseError::ClientResponseError;
};

/// The server's proof that it knows the password, too, is wrong; see digest_auth_middleware.hpp.
class ServerAuthenticationError : public ClientResponseError {
 public:
  using ClientResponseError::ClientResponseError;
};

class TooManyRedirects : public ClientResponseError {
 public:
  using ClientResponseError::ClientResponseError;
};

class ClientPayloadError : public ClientError {
 public:
  using ClientError::ClientError;
};

class ResponseTooLarge : public ClientPayloadError {
 public:
  using ClientPayloadError::ClientPayloadError;
};

class InvalidRequest : public ClientError {
 public:
  using ClientError::ClientError;
};

class InvalidURL : public ClientError {
 public:
  using ClientError::ClientError;
};

/// A URL whose scheme is neither http nor https.
class NonHttpUrlError : public InvalidURL {
 public:
  using InvalidURL::InvalidURL;
};

/// An http URL in a session with `SessionOptions::https_only`, a redirect's among them.
class InsecureUrlError : public InvalidURL {
 public:
  using InvalidURL::InvalidURL;
};

class InvalidUrlRedirectError : public InvalidURL {
 public:
  using InvalidURL::InvalidURL;
};

class NonHttpUrlRedirectError : public InvalidUrlRedirectError {
 public:
  using InvalidUrlRedirectError::InvalidUrlRedirectError;
};

/// The name of the class of `error` in the tree above, for logs and machine-readable results.
[[nodiscard]] std::string_view class_name(const ClientError& error) noexcept;

}  // namespace rondo::http
