#include "rondo/http/transient.hpp"

#include <gtest/gtest.h>

#include <exception>

#include "rondo/dns/resolve_error.hpp"

namespace rondo::http {
namespace {

ClientConnectorDNSError dns_error(dns::ResolveError::Kind kind) {
  return {{"http://a.test/", Phase::resolve},
          "reason",
          std::make_exception_ptr(dns::ResolveError(kind, "a.test", "reason"))};
}

TEST(Transient, IsAFailedConnectionUnlessItWasRefusedOnPurpose) {
  const ErrorSite site{"http://a.test/", Phase::connect};
  EXPECT_TRUE(is_transient(ClientConnectorError(site, "refused")));
  EXPECT_TRUE(is_transient(ServerDisconnectedError(site, "gone")));
  EXPECT_TRUE(is_transient(ServerTimeoutError(site, "late")));
  EXPECT_TRUE(is_transient(ClientPayloadError(site, "cut")));
  EXPECT_TRUE(is_transient(dns_error(dns::ResolveError::Kind::timed_out)));
  EXPECT_FALSE(is_transient(dns_error(dns::ResolveError::Kind::not_found)));
  EXPECT_FALSE(is_transient(ClientConnectorCertificateError(site, "expired")));
  EXPECT_FALSE(is_transient(AddressDenied(site, "private")));
  EXPECT_FALSE(is_transient(ResponseTooLarge(site, "large")));
  EXPECT_FALSE(is_transient(ClientProtocolError(site, "no HTTP")));
  EXPECT_FALSE(is_transient(TooManyRedirects(site, "many")));
  EXPECT_FALSE(is_transient(InvalidURL(site, "no URL")));
}

}  // namespace
}  // namespace rondo::http
