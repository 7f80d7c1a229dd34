// One place decides which class of the tree an inner failure becomes.

#include "rondo/http/failures.hpp"

#include <fmt/format.h>

#include "rondo/dns/resolve_error.hpp"
#include "rondo/http/address_policy.hpp"
#include "rondo/http/proxy_failure.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/runtime/timeout.hpp"
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

std::string_view activity(Phase phase) noexcept {
  switch (phase) {
    case Phase::plan:
      return "preparing the request";
    case Phase::queue:
      return "waiting for a free connection";
    case Phase::resolve:
      return "resolving the name";
    case Phase::connect:
      return "connecting";
    case Phase::proxy:
      return "asking the proxy";
    case Phase::tls:
      return "negotiating TLS";
    case Phase::send:
      return "sending the request";
    case Phase::wait:
      return "waiting for the answer";
    case Phase::receive:
      return "receiving the body";
  }
  return "";
}

ExchangeFailure timed_out(Clock::duration whole) {
  try {
    rondo::detail::throw_timeout(whole);
  } catch (const TimeoutError& error) {
    return {ExchangeFault::timed_out, error.what(), nullptr};
  }
}

void throw_exchange_error(const ExchangeFailure& failure, const ErrorSite& site) {
  switch (failure.fault) {
    case ExchangeFault::disconnected:
      throw ServerDisconnectedError(site, failure.reason, failure.cause);
    case ExchangeFault::timed_out:
      throw ServerTimeoutError(site, fmt::format("{} {}", activity(site.phase), failure.reason));
    case ExchangeFault::tls:
      throw ClientConnectorSSLError(site, failure.reason, failure.cause);
    case ExchangeFault::protocol:
    case ExchangeFault::payload:
      throw ClientProtocolError(site, failure.reason);
    case ExchangeFault::request:
      throw InvalidRequest(site, failure.reason);
    case ExchangeFault::system:
      break;
  }
  throw ClientOSError(site, failure.reason, failure.cause);
}

void throw_body_error(const ExchangeFailure& failure, const ErrorSite& site) {
  if (failure.fault == ExchangeFault::timed_out) throw_exchange_error(failure, site);
  throw ClientPayloadError(site, "the body is not complete: " + failure.reason, failure.cause);
}

void throw_connect_error(const std::exception_ptr& error, const ErrorSite& site) {
  try {
    std::rethrow_exception(error);
  } catch (const TimeoutError& late) {
    throw ConnectionTimeoutError(site, fmt::format("{} {}", activity(site.phase), late.what()));
  } catch (const dns::ResolveError& failure) {
    throw ClientConnectorDNSError(site, failure.what(), error);
  } catch (const TunnelRefused& refusal) {
    throw ClientHttpProxyError(site, refusal.what(), refusal.status(), refusal.headers());
  } catch (const ProxyFailure& failure) {
    throw ClientProxyConnectionError(site, failure.what(), failure.cause());
  } catch (const tls::TlsError& failure) {
    if (failure.reason() == tls::TlsError::Reason::pin_mismatch) {
      throw ServerFingerprintMismatch(site, failure.what(), error);
    }
    if (is_about_certificate(failure.reason())) {
      throw ClientConnectorCertificateError(site, failure.what(), error);
    }
    throw ClientConnectorSSLError(site, failure.what(), error);
  } catch (const DeniedAddress& denied) {
    throw AddressDenied(site, denied.what(), error);
  } catch (const RuntimeError&) {
    throw;
  } catch (const Error& failure) {
    throw ClientConnectorError(site, failure.what(), error);
  }
}

}  // namespace rondo::http
