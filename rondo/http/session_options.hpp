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
#include "rondo/http/address_policy.hpp"
#include "rondo/http/client_timeout.hpp"
#include "rondo/http/proxy_auth.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/trace_config.hpp"
#include "rondo/proto/cookie_jar.hpp"
#include "rondo/proto/hsts.hpp"
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

  /// Closes each connection behind its first answer, and says so in the request.
  bool force_close = false;

  /// Whether a request is sent once more, over a new connection, when a kept one has died under it
  /// before any byte of the answer came. Only what was not sent at all, or has an idempotent method
  /// (RFC 9110 §9.2.2), is; the trace tells (`RequestTrace::on_replay`). Off: that is
  /// `ServerDisconnectedError`.
  bool replay_on_stale_connection = true;

  tls::TlsOptions tls = {};

  /// With proxies that are spoken to over TLS; nothing: the same as with servers.
  std::optional<tls::TlsOptions> proxy_tls = std::nullopt;

  /// DNS servers, "address" or "address:port"; empty: the system's.
  std::vector<std::string> dns_servers = {};

  /// Addresses that are used for a host and port instead of asking DNS.
  std::vector<dns::StaticEntry> static_entries = {};

  /// Whether answers of DNS are kept, and for how long; nothing: for the TTL that they come with, 1
  /// s at least and 5 min at most. A name that is being asked for is asked for once in any case.
  bool use_dns_cache = true;
  std::optional<std::chrono::seconds> ttl_dns_cache = std::nullopt;

  /// Which addresses are asked for and connected to.
  dns::Family family = dns::Family::any;

  /// Resolves instead of all the above; shared with other sessions of this loop if you like. Null:
  /// c-ares behind a cache.
  std::shared_ptr<dns::Resolver> resolver = nullptr;

  /// Connects to this Unix socket, whatever the URL's host and port; empty: no.
  std::string unix_socket = {};

  /// The local address that TCP connections come from; empty: the system chooses. Only addresses of
  /// its family are then connected to.
  std::string local_address = {};

  /// The network interface that TCP connections take, as in "eth0"; empty: the system chooses.
  std::string interface = {};

  /// Refuses addresses that are not public, also behind redirects.
  bool deny_private = false;

  /// Refuses the addresses that it says no to; empty: none. See there.
  AddressPolicy address_policy = {};

  /// The head start of one address before the next is tried beside it (RFC 8305 §5); nothing: the
  /// next is tried when one has failed.
  std::optional<Clock::duration> happy_eyeballs_delay = std::chrono::milliseconds(250);

  /// How many addresses of the preferred family are tried before the families take turns (RFC 8305
  /// §8); 0: all in the resolver's order.
  std::size_t interleave = 1;

  /// What a server's answer may be at most.
  proto::Http1Limits http1 = {};
};

/// What aiohttp's `ClientSession` takes.
struct SessionOptions {
  ConnectorOptions connector = {};
  ClientTimeout timeout = {};

  /// Sent with every request that has no header of the same name.
  std::vector<std::pair<std::string, std::string>> headers = {};

  /// Added to the query of each URL, in front of the request's own. A redirect's URL is left alone.
  std::vector<std::pair<std::string, std::string>> params = {};

  /// What URLs are relative to, as links in a page: "https://api.example/v1/". With it, `auth`,
  /// `own_cookies`, and Authorization and Cookie among `headers` go to its origin only; without it,
  /// to the first origin of each request. Empty: URLs are absolute.
  std::string base_url = {};

  /// Becomes the Authorization field of requests that have none. Default: none.
  SessionAuth auth = {};

  /// Sent with each request, beside those that are kept; see `base_url`. Default: none.
  std::vector<std::pair<std::string, std::string>> own_cookies = {};

  /// Whether cookies are kept and sent back.
  bool cookies = true;

  /// Where they are kept: a jar that several sessions of one loop may share. Null: one of its own.
  std::shared_ptr<proto::CookieJar> cookie_jar = nullptr;

  /// Fields that the session would add by itself, and is not to: "User-Agent", "Accept",
  /// "Accept-Encoding", and the "Content-Type" of bodies. Default: none.
  std::vector<std::string> skip_auto_headers = {};

  /// Whether an answer with a status of 400 and above is an error, or a function that decides.
  RaiseForStatus raise_for_status = false;

  HttpVersion version = HttpVersion::http_1_1;

  /// The proxy that requests go through, as in "http://proxy.example:3128": `http`, `https`,
  /// `socks4a`, `socks5` (which is told addresses) or `socks5h` (names). Its user information
  /// becomes credentials. http URLs go to an HTTP proxy in absolute form, https through CONNECT.
  /// Empty: none, but for `trust_env`.
  std::string proxy = {};

  /// Whom that proxy lets through, in place of credentials in its URL. Those are Basic: an HTTP
  /// proxy gets them unasked, as from aiohttp and curl. Whichever they are, a proxy that asks for
  /// Digest is answered with it: MD5, SHA-256 or SHA-512-256, `auth` or, where only that is offered
  /// and the body is none or of bytes, `auth-int`. Default: none.
  SessionProxyAuth proxy_auth = {};

  /// Sent to HTTP proxies: with CONNECT, and with requests in absolute form beside the request's
  /// own headers, which count where a name is among both. A proxy may pass the latter on; through a
  /// tunnel none of them reaches the server. SOCKS has no headers. Connections are shared only with
  /// requests whose proxy headers are the same. Host, Expect, Content-Length and Transfer-Encoding
  /// are refused. Default: none.
  std::vector<std::pair<std::string, std::string>> proxy_headers = {};

  /// Hosts that are reached without a proxy; see `proto::NoProxy`. Nothing: what the environment
  /// says, if it is trusted.
  std::optional<std::string> no_proxy = std::nullopt;

  /// Whether the environment counts: `http_proxy`, `https_proxy`, `all_proxy` and, but for the
  /// first, their names in capitals, where `proxy` says nothing; `no_proxy`; and the netrc file.
  bool trust_env = false;

  /// What an environment that is trusted includes: the netrc file, that is $NETRC, or .netrc in the
  /// home directory. Its logins are sent to their hosts when nobody else says who a request is made
  /// for. It is read when the session is made; none is no error.
  bool netrc = true;

  /// Refuses http URLs, those of redirects among them: `InsecureUrlError`.
  bool https_only = false;

  /// Whether hosts are remembered that want to be reached over https alone (RFC 6797), so that http
  /// URLs of theirs become https ones. Where `TlsOptions::insecure` is set for the session, hosts
  /// that `hsts_store` knows still do, but nothing is learned: what is said there may be anybody's.
  /// That certificates of such hosts go unverified then, against RFC 6797 §8.4, is what `insecure`
  /// says.
  bool hsts = false;

  /// Where they are kept, for `hsts`: a store that several sessions of one loop may share, and
  /// whose hosts can be written to a file (proto/hsts_file.hpp). Null: one that ends with the
  /// session.
  std::shared_ptr<proto::HstsStore> hsts_store = nullptr;

  /// Whether Accept-Encoding is sent and what comes is decoded.
  bool auto_decompress = true;

  /// What `read`, `text` and `json` take at most, in bytes of the decoded body: a bomb ends here.
  /// Pieces have no limit.
  std::uint64_t max_body_in_memory = std::uint64_t{1} << 30;

  /// What a body may have at most, decoded, however it is read; beyond it: `ResponseTooLarge`. So
  /// is one that is longer by more than 1 MiB before it is decoded. Nothing: no limit.
  std::optional<std::uint64_t> max_body = std::nullopt;

  /// Decoded bytes for each coded one, once a body has 1 MiB; 0: no limit.
  std::uint32_t max_decompression_ratio = 0;

  /// What stands around each request, the first outermost; see middleware.hpp. Default: none.
  std::vector<Middleware> middlewares = {};

  /// Each makes a trace for each request; see trace_config.hpp. Default: none.
  std::vector<TraceConfig> trace_configs = {};
};

}  // namespace rondo::http
