#pragma once
// How a session works, and how it connects.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rondo/dns/resolver.hpp"
#include "rondo/dns/static_resolver.hpp"
#include "rondo/http/client_timeout.hpp"
#include "rondo/http/request.hpp"
#include "rondo/proto/http1_limits.hpp"
#include "rondo/runtime/clock.hpp"
#include "rondo/tls/tls_options.hpp"

namespace rondo::http {

/// What aiohttp's `TCPConnector` takes.
struct ConnectorOptions {
  std::size_t limit = 100;         ///< connections in use at a time; 0: no limit
  std::size_t limit_per_host = 0;  ///< the same for each scheme, host and port; 0: no limit
  Clock::duration keepalive_timeout =
      std::chrono::seconds(15);  ///< how long an idle connection is kept

  tls::TlsOptions tls = {};

  /// DNS servers, "address" or "address:port"; empty: the system's.
  std::vector<std::string> dns_servers = {};

  /// Addresses that are used for a host and port instead of asking DNS.
  std::vector<dns::StaticEntry> static_entries = {};

  /// Resolves instead of all the above; shared with other sessions of this loop if you like. Null:
  /// c-ares behind a cache.
  std::shared_ptr<dns::Resolver> resolver = nullptr;

  /// Connects to this Unix socket, whatever the URL's host and port; empty: no.
  std::string unix_socket = {};

  /// Refuses addresses that are not public, also behind redirects.
  bool deny_private = false;

  /// The head start of one address before the next is tried beside it (RFC 8305 §5).
  Clock::duration happy_eyeballs_delay = std::chrono::milliseconds(250);

  /// What a server's answer may be at most.
  proto::Http1Limits http1 = {};
};

/// What aiohttp's `ClientSession` takes.
struct SessionOptions {
  ConnectorOptions connector = {};
  ClientTimeout timeout = {};

  /// Sent with every request that has no header of the same name.
  std::vector<std::pair<std::string, std::string>> headers = {};

  /// Whether cookies are kept and sent back.
  bool cookies = true;

  /// Whether Accept-Encoding is sent and what comes is decoded.
  bool auto_decompress = true;

  /// What `read`, `text` and `json` take at most, in bytes of the decoded body: a bomb ends here.
  /// Pieces have no limit.
  std::uint64_t max_body_in_memory = std::uint64_t{1} << 30;

  /// Decoded bytes for each coded one, once a body has 1 MiB; 0: no limit.
  std::uint32_t max_decompression_ratio = 0;

  /// What stands around each request, the first outermost; see middleware.hpp. Default: none.
  std::vector<Middleware> middlewares = {};
};

}  // namespace rondo::http
