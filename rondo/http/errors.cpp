// The message is put together once, where the error is thrown: reason first, then the URL.

#include "rondo/http/errors.hpp"

#include <fmt/format.h>

#include <array>
#include <typeinfo>
#include <utility>

namespace rondo::http {
namespace {

struct NamedClass {
  const std::type_info& type;
  std::string_view name;
};

template <class E>
constexpr NamedClass named(std::string_view name) {
  return {typeid(E), name};
}

std::string with_url(const std::string& reason, const std::string& url) {
  return url.empty() ? reason : fmt::format("{} ({})", reason, url);
}

}  // namespace

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::plan:
      return "plan";
    case Phase::queue:
      return "queue";
    case Phase::resolve:
      return "resolve";
    case Phase::connect:
      return "connect";
    case Phase::proxy:
      return "proxy";
    case Phase::tls:
      return "tls";
    case Phase::send:
      return "send";
    case Phase::wait:
      return "wait";
    case Phase::receive:
      return "receive";
  }
  return "";
}

ClientError::ClientError(const ErrorSite& site, const std::string& reason, std::exception_ptr cause)
    : Error(with_url(reason, site.url)),
      url_(site.url),
      phase_(site.phase),
      cause_(std::move(cause)) {}

ClientResponseError::ClientResponseError(const ErrorSite& site, const std::string& reason,
                                         int status, proto::HeaderMap headers)
    : ClientError(site, reason), status_(status), headers_(std::move(headers)) {}

std::string_view class_name(const ClientError& error) noexcept {
  static const std::array kClasses = {
      named<ClientError>("ClientError"),
      named<ClientConnectionError>("ClientConnectionError"),
      named<ClientOSError>("ClientOSError"),
      named<ClientConnectorError>("ClientConnectorError"),
      named<ClientConnectorDNSError>("ClientConnectorDNSError"),
      named<ClientConnectorSSLError>("ClientConnectorSSLError"),
      named<ClientConnectorCertificateError>("ClientConnectorCertificateError"),
      named<ServerFingerprintMismatch>("ServerFingerprintMismatch"),
      named<ClientProxyConnectionError>("ClientProxyConnectionError"),
      named<AddressDenied>("AddressDenied"),
      named<CircuitOpenError>("CircuitOpenError"),
      named<ServerConnectionError>("ServerConnectionError"),
      named<ServerDisconnectedError>("ServerDisconnectedError"),
      named<ServerTimeoutError>("ServerTimeoutError"),
      named<ConnectionTimeoutError>("ConnectionTimeoutError"),
      named<ClientResponseError>("ClientResponseError"),
      named<ClientProtocolError>("ClientProtocolError"),
      named<ContentTypeError>("ContentTypeError"),
      named<ClientHttpProxyError>("ClientHttpProxyError"),
      named<ServerAuthenticationError>("ServerAuthenticationError"),
      named<TooManyRedirects>("TooManyRedirects"),
      named<ClientPayloadError>("ClientPayloadError"),
      named<ResponseTooLarge>("ResponseTooLarge"),
      named<InvalidRequest>("InvalidRequest"),
      named<InvalidURL>("InvalidURL"),
      named<NonHttpUrlError>("NonHttpUrlError"),
      named<InsecureUrlError>("InsecureUrlError"),
      named<InvalidUrlRedirectError>("InvalidUrlRedirectError"),
      named<NonHttpUrlRedirectError>("NonHttpUrlRedirectError"),
  };
  for (const NamedClass& entry : kClasses) {
    if (entry.type == typeid(error)) return entry.name;
  }
  return "ClientError";
}

}  // namespace rondo::http
