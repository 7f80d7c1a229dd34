#pragma once
// What a `TlsContext` holds, for this layer.

#include <memory>
#include <string>
#include <utility>

#include "rondo/tls/certificate_pins.hpp"
#include "rondo/tls/key_log.hpp"
#include "rondo/tls/openssl_handles.hpp"
#include "rondo/tls/session_cache.hpp"
#include "rondo/tls/tls_context.hpp"
#include "rondo/tls/tls_options.hpp"
#include "rondo/tls/verified_chains.hpp"

namespace rondo::tls {

struct TlsContext::State {
  State(detail::ContextHandle handle, bool for_client, const TlsOptions& options)
      : native(std::move(handle)),
        is_client(for_client),
        pins(options),
        sessions(options.session_tickets ? options.session_cache_size : 0) {}

  detail::ContextHandle native;
  bool is_client;
  bool lacks_roots = false;  ///< the system's were wanted, and there are none
  std::string alpn;          ///< as the extension has it
  std::unique_ptr<detail::KeyLog> key_log;
  detail::CertificatePins pins;
  detail::SessionCache sessions;
  detail::VerifiedChains verified;
};

}  // namespace rondo::tls
