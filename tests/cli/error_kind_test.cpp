#include "cli/error_kind.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rondo::cli {
namespace {

const http::ErrorSite kSite{"http://a.test/", http::Phase::connect};

template <class E>
std::string kind() {
  return std::string(to_string(kind_of(E(kSite, "reason"))));
}

TEST(ErrorKind, GivesEachClassOfTheTreeItsKind) {
  EXPECT_EQ(kind<http::InvalidURL>(), "url");
  EXPECT_EQ(kind<http::NonHttpUrlError>(), "url");
  EXPECT_EQ(kind<http::InvalidRequest>(), "url");
  EXPECT_EQ(kind<http::ClientConnectorDNSError>(), "resolve");
  EXPECT_EQ(kind<http::ClientConnectorError>(), "connect");
  EXPECT_EQ(kind<http::ClientConnectorSSLError>(), "tls");
  EXPECT_EQ(kind<http::ClientConnectorCertificateError>(), "tls");
  EXPECT_EQ(kind<http::AddressDenied>(), "denied");
  EXPECT_EQ(kind<http::ServerFingerprintMismatch>(), "tls");
  EXPECT_EQ(kind<http::ClientProxyConnectionError>(), "proxy");
  EXPECT_EQ(kind<http::ClientHttpProxyError>(), "proxy");
  EXPECT_EQ(kind<http::ServerTimeoutError>(), "timeout");
  EXPECT_EQ(kind<http::ConnectionTimeoutError>(), "timeout");
  EXPECT_EQ(kind<http::ServerDisconnectedError>(), "disconnected");
  EXPECT_EQ(kind<http::ClientOSError>(), "disconnected");
  EXPECT_EQ(kind<http::ClientProtocolError>(), "protocol");
  EXPECT_EQ(kind<http::ServerAuthenticationError>(), "protocol");
  EXPECT_EQ(kind<http::ClientPayloadError>(), "payload");
  EXPECT_EQ(kind<http::ResponseTooLarge>(), "too_large");
  EXPECT_EQ(kind<http::TooManyRedirects>(), "redirect");
  EXPECT_EQ(kind<http::InvalidUrlRedirectError>(), "redirect");
  EXPECT_EQ(kind<http::NonHttpUrlRedirectError>(), "redirect");
  EXPECT_EQ(kind<http::ClientResponseError>(), "status");
}

TEST(ErrorKind, DescribesClassPhaseAndMessage) {
  const TransferError error = describe(http::ClientConnectorDNSError(kSite, "no such name"));
  EXPECT_EQ(error.class_name, "ClientConnectorDNSError");
  EXPECT_EQ(error.phase, "connect");
  EXPECT_NE(error.message.find("no such name"), std::string::npos);
}

}  // namespace
}  // namespace rondo::cli
