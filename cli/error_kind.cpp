// The tree is asked from its leaves to its root, since each class is also one of those above it.

#include "cli/error_kind.hpp"

namespace rondo::cli {
namespace {

template <class... Classes>
bool is_any_of(const http::ClientError& error) noexcept {
  return ((dynamic_cast<const Classes*>(&error) != nullptr) || ...);
}

ErrorKind kind_of_connection_error(const http::ClientError& error) noexcept {
  if (is_any_of<http::ClientConnectorDNSError>(error)) return ErrorKind::resolve;
  if (is_any_of<http::ClientConnectorSSLError>(error)) return ErrorKind::tls;
  if (is_any_of<http::ClientProxyConnectionError>(error)) return ErrorKind::proxy;
  if (is_any_of<http::AddressDenied>(error)) return ErrorKind::denied;
  if (is_any_of<http::ClientConnectorError>(error)) return ErrorKind::connect;
  if (is_any_of<http::ServerTimeoutError>(error)) return ErrorKind::timeout;
  return ErrorKind::disconnected;
}

ErrorKind kind_of_response_error(const http::ClientError& error) noexcept {
  if (is_any_of<http::ClientHttpProxyError>(error)) return ErrorKind::proxy;
  if (is_any_of<http::TooManyRedirects>(error)) return ErrorKind::redirect;
  if (is_any_of<http::ClientProtocolError, http::ServerAuthenticationError>(error))
    return ErrorKind::protocol;
  return ErrorKind::status;
}

}  // namespace

std::string_view to_string(ErrorKind kind) noexcept {
  static constexpr std::array<std::string_view, kErrorKinds> kNames = {
      "url",          "resolve",   "connect", "tls",       "proxy",    "timeout",
      "disconnected", "protocol",  "payload", "too_large", "redirect", "denied",
      "status",       "cancelled", "io",      "checksum"};
  return kNames[static_cast<std::size_t>(kind)];
}

ErrorKind kind_of(const http::ClientError& error) noexcept {
  if (is_any_of<http::ClientConnectionError>(error)) return kind_of_connection_error(error);
  if (is_any_of<http::ClientResponseError>(error)) return kind_of_response_error(error);
  if (is_any_of<http::ResponseTooLarge>(error)) return ErrorKind::too_large;
  if (is_any_of<http::ClientPayloadError>(error)) return ErrorKind::payload;
  if (is_any_of<http::InvalidUrlRedirectError>(error)) return ErrorKind::redirect;
  if (is_any_of<http::InvalidURL, http::InvalidRequest>(error)) return ErrorKind::url;
  return ErrorKind::protocol;
}

TransferError describe(const http::ClientError& error) {
  return {kind_of(error), std::string(http::class_name(error)),
          std::string(http::to_string(error.phase())), error.what()};
}

}  // namespace rondo::cli
