#pragma once
// What a `TlsContext` holds, for this layer.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "rondo/tls/key_log.hpp"
#include "rondo/tls/openssl_handles.hpp"
#include "rondo/tls/session_cache.hpp"
#include "rondo/tls/tls_context.hpp"

namespace rondo::tls {

struct TlsContext::State {
  State(detail::ContextHandle handle, bool for_client, std::size_t session_cache_size) noexcept
      : native(std::move(handle)), is_client(for_client), sessions(session_cache_size) {}

  detail::ContextHandle native;
  bool is_client;
  bool lacks_roots = false;  ///< the system's were wanted, and there are none
  std::string alpn;          ///< as the extension has it
  std::unique_ptr<detail::KeyLog> key_log;
  detail::SessionCache sessions;
};

}  // namespace rondo::tls
