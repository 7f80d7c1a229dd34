#pragma once
// A context's own certificate.

#include "rondo/tls/tls_options.hpp"

struct ssl_ctx_st;

namespace rondo::tls::detail {

/// Loads certificate, chain and key. Throws `TlsError` when they cannot be read, or do not belong
/// together.
void load_identity(ssl_ctx_st& context, const TlsOptions& options);

}  // namespace rondo::tls::detail
