// One place decides which class of the tree an inner failure becomes.

#include "rondo/http/failures.hpp"

#include "rondo/dns/resolve_error.hpp"
#include "rondo/http/connector.hpp"
#include "rondo/tls/tls_error.hpp"

namespace rondo::http {
namespace {

bool is_about_certificate(tls::TlsError::Reason reason) noexcept {
  using Reason = tls::TlsError::Reason;
  switch (reason) {
    case Reason::certificate_expired:
    case Reason::certificate_not_yet_valid:
    case Reason::unknown_issuer:
    case Reason::hostname_mismatch:
    case Reason::certificate_invalid:
      return true;
    default:
      return false;
  }
}

}  // namespace

void throw_exchange_error(const ExchangeFailure& failure, const ErrorSite& site) {
  switch (failure.fault) {
    case ExchangeFault::disconnected:
      throw ServerDisconnectedError(site, failure.reason, failure.cause);
    case ExchangeFault::tls:
      throw ClientConnectorSSLError(site, failure.reason, failure.cause);
    case ExchangeFault::protocol:
    case ExchangeFault::payload:
      throw ClientProtocolError(site, failure.reason);
    case ExchangeFault::system:
      break;
  }
  throw ClientOSError(site, failure.reason, failure.cause);
}

void throw_body_error(const ExchangeFailure& failure, const ErrorSite& site) {
  throw ClientPayloadError(site, "the body is not complete: " + failure.reason, failure.cause);
}

void throw_connect_error(const std::exception_ptr& error, const ErrorSite& site) {
  try {
    std::rethrow_exception(error);
  } catch (const dns::ResolveError& failure) {
    throw ClientConnectorDNSError({site.url, Phase::resolve}, failure.what(), error);
  } catch (const tls::TlsError& failure) {
    const ErrorSite at_tls{site.url, Phase::tls};
    if (is_about_certificate(failure.reason())) {
      throw ClientConnectorCertificateError(at_tls, failure.what(), error);
    }
    throw ClientConnectorSSLError(at_tls, failure.what(), error);
  } catch (const DeniedAddress& denied) {
    throw AddressDenied({site.url, Phase::connect}, denied.what(), error);
  } catch (const Error& failure) {
    throw ClientConnectorError({site.url, Phase::connect}, failure.what(), error);
  }
}

}  // namespace rondo::http
