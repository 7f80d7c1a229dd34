// The tree of errors says most of it; of a resolver's error the kind tells.

#include "rondo/http/transient.hpp"

#include <exception>

#include "rondo/dns/resolve_error.hpp"

namespace rondo::http {
namespace {

/// Whether DNS has answered, and its answer was no.
bool lacks_address(const std::exception_ptr& cause) noexcept {
  using Kind = dns::ResolveError::Kind;
  if (!cause) return false;
  try {
    std::rethrow_exception(cause);
  } catch (const dns::ResolveError& error) {
    return error.kind() == Kind::not_found || error.kind() == Kind::no_address ||
           error.kind() == Kind::bad_name;
  } catch (...) {
    return false;
  }
}

}  // namespace

bool is_transient(const ClientError& error) noexcept {
  if (lacks_address(error.cause())) return false;
  if (dynamic_cast<const ClientConnectorCertificateError*>(&error) != nullptr) return false;
  if (dynamic_cast<const AddressDenied*>(&error) != nullptr) return false;
  if (dynamic_cast<const ResponseTooLarge*>(&error) != nullptr) return false;
  return dynamic_cast<const ClientConnectionError*>(&error) != nullptr ||
         dynamic_cast<const ClientPayloadError*>(&error) != nullptr;
}

}  // namespace rondo::http
