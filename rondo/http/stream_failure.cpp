// A peer that goes away shows itself in many ways, and all of them mean the same for a request.

#include "rondo/http/stream_failure.hpp"

#include <cerrno>

#include "rondo/base/error.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/tls/tls_error.hpp"

namespace rondo::http {
namespace {

bool says_peer_has_gone(int code) noexcept {
  return code == ECONNRESET || code == EPIPE || code == ECONNABORTED;
}

}  // namespace

ExchangeFailure stream_failure(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const OsError& system) {
    const auto fault =
        says_peer_has_gone(system.code()) ? ExchangeFault::disconnected : ExchangeFault::system;
    return {fault, system.what(), error};
  } catch (const tls::TlsError& failure) {
    const bool is_cut = failure.reason() == tls::TlsError::Reason::truncated;
    return {is_cut ? ExchangeFault::disconnected : ExchangeFault::tls, failure.what(), error};
  } catch (const RuntimeError&) {
    throw;
  } catch (const std::exception& other) {
    return {ExchangeFault::system, other.what(), error};
  }
}

}  // namespace rondo::http
