#pragma once
// Whom a client wants to talk to.

#include <cstdint>
#include <string>

namespace rondo::tls::detail {

/// A host as TLS needs it.
struct TlsTarget {
  /// `host` is a name, or an IP address with or without brackets. Throws `TlsError` for one that no
  /// certificate could be for.
  TlsTarget(std::string host, std::uint16_t port);

  std::string name;  ///< without brackets, zone, or the dot that ends a fully qualified name
  bool is_address;
  std::string key;  ///< "name:port": what sessions are kept under
};

}  // namespace rondo::tls::detail
