#pragma once
// Whom a context trusts.

#include "rondo/tls/tls_options.hpp"

struct ssl_ctx_st;

namespace rondo::tls::detail {

/// Makes `context` trust the roots that `options` names. Throws `TlsError`.
void trust_given_roots(ssl_ctx_st& context, const TlsOptions& options);

/// Makes `context` trust the system's roots. OpenSSL reads each when a chain first needs it.
void trust_system_roots(ssl_ctx_st& context);

/// Whether the system has roots at all: small ones come without.
[[nodiscard]] bool has_system_roots();

}  // namespace rondo::tls::detail
