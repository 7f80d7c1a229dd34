// The walk of a new connection: the resolver gives addresses, the address policy takes some away,
// happy eyeballs connects to one of the rest. That may be a proxy's: then TLS with the proxy and a
// tunnel through it come next. TLS with the server goes on top for https.

#include "rondo/http/connector.hpp"

#include <fmt/format.h>
#include <net/if.h>

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "rondo/dns/caching_resolver.hpp"
#include "rondo/dns/cares_resolver.hpp"
#include "rondo/dns/local_names.hpp"
#include "rondo/dns/static_resolver.hpp"
#include "rondo/http/address_policy.hpp"
#include "rondo/http/http1_connection.hpp"
#include "rondo/http/http_tunnel.hpp"
#include "rondo/http/proxy_failure.hpp"
#include "rondo/http/request_trace.hpp"
#include "rondo/http/socks_tunnel.hpp"
#include "rondo/net/address.hpp"
#include "rondo/net/dialer.hpp"
#include "rondo/net/happy_eyeballs.hpp"
#include "rondo/runtime/loop_errors.hpp"
#include "rondo/tls/tls_context.hpp"
#include "rondo/tls/tls_stream.hpp"

namespace rondo::http {
namespace {

using net::SocketAddress;
using proto::ProxyScheme;
using proto::ProxyServer;
using Stream = std::unique_ptr<net::ByteStream>;

std::shared_ptr<dns::CachingResolver> make_cache(const ConnectorOptions& options) {
  dns::CacheOptions cache;
  if (options.ttl_dns_cache) cache.min_ttl = cache.max_ttl = *options.ttl_dns_cache;
  if (!options.use_dns_cache) {
    cache.min_ttl = cache.max_ttl = cache.negative_ttl = std::chrono::seconds(0);
  }
  return std::make_shared<dns::CachingResolver>(
      std::make_shared<dns::CaresResolver>(dns::CaresOptions{.servers = options.dns_servers}),
      cache);
}

std::uint32_t interface_index(const std::string& name) {
  if (name.empty()) return 0;
  const std::uint32_t index = ::if_nametoindex(name.c_str());
  if (index == 0) {
    throw std::invalid_argument(fmt::format("there is no network interface '{}'", name));
  }
  return index;
}

net::TcpOptions tcp_options(const ConnectorOptions& options) {
  net::TcpOptions tcp{.interface = interface_index(options.interface)};
  if (options.local_address.empty()) return tcp;
  const auto local = SocketAddress::parse_ip(options.local_address, 0);
  if (!local) {
    throw std::invalid_argument(
        fmt::format("the local address '{}' is not an IP address", options.local_address));
  }
  tcp.local = *local;
  return tcp;
}

/// What is asked for: a socket that is bound to one family cannot connect to the other.
dns::Family family_for(const ConnectorOptions& options, const SocketAddress& local) {
  if (!local.is_ip()) return options.family;
  const bool is_ipv4 = local.family() == SocketAddress::Family::ipv4;
  const dns::Family family = is_ipv4 ? dns::Family::ipv4 : dns::Family::ipv6;
  if (options.family != dns::Family::any && options.family != family) {
    throw std::invalid_argument("the local address is not of the family that is asked for");
  }
  return family;
}

/// Whether the context has to be made at once, so that mistakes show. It is not otherwise: the
/// system's roots take a while to read, and plain HTTP does without.
bool can_be_wrong(const tls::TlsOptions& tls) noexcept {
  return !tls.ca_file.empty() || !tls.ca_directory.empty() || !tls.certificate_file.empty() ||
         !tls.certificate_pins.empty() || !tls.public_key_pins.empty() || !tls.ciphers.empty() ||
         !tls.ciphersuites.empty() || !tls.key_log_file.empty() ||
         tls.min_version > tls.max_version;
}

/// Whether anybody can pass for the server.
bool has_no_trust(const tls::TlsOptions& tls) noexcept {
  return tls.insecure && tls.certificate_pins.empty() && tls.public_key_pins.empty();
}

std::shared_ptr<const tls::TlsContext> make_proxy_tls(const ConnectorOptions& options) {
  tls::TlsOptions tls = options.proxy_tls.value_or(options.tls);
  tls.alpn = {"http/1.1"};
  return tls::TlsContext::client(tls);
}

std::string about(const ProxyServer& proxy, const Error& failure) {
  return fmt::format("proxy {}: {}", proxy.to_string(), failure.what());
}

class Connector final : public ConnectionSource {
 public:
  Connector(EventLoop& loop, const ConnectorOptions& options)
      : Connector(loop, options, tcp_options(options)) {}

  Task<std::unique_ptr<Connection>> connect(const Route& route, Stage& stage) override {
    const Detour* detour = route.detour.get();
    const ProxyServer* proxy = detour != nullptr && detour->proxy ? &*detour->proxy : nullptr;
    Stream stream;
    if (proxy == nullptr) {
      auto addresses = co_await find(route.host, route.port, stage);
      stream = co_await dial(std::move(addresses), stage);
    } else {
      stream = co_await go_through(*proxy, route, stage);
    }
    std::shared_ptr<const tls::TlsInfo> tls;
    if (route.secure) {
      auto secured = co_await secure(std::move(stream), route, stage);
      tls = std::make_shared<const tls::TlsInfo>(secured->info());
      stream = std::move(secured);
    }
    const bool has_tls = route.secure || (proxy != nullptr && proxy->scheme == ProxyScheme::https);
    co_return std::make_unique<Http1Connection>(std::move(stream), has_tls, options_.http1,
                                                std::move(tls));
  }

  void report(ConnectionStatistics& statistics) const noexcept override {
    if (!cache_) return;
    statistics.dns_hits = cache_->statistics().hits + cache_->statistics().joined;
    statistics.dns_misses = cache_->statistics().misses;
  }

 private:
  Connector(EventLoop& loop, const ConnectorOptions& options, const net::TcpOptions& tcp)
      : loop_(loop),
        options_(options),
        family_(family_for(options, tcp.local)),
        dialer_(tcp),
        resolver_(options.resolver) {
    if (!resolver_) {
      resolver_ = cache_ = make_cache(options);
      if (!options.static_entries.empty()) {
        resolver_ =
            std::make_shared<dns::StaticResolver>(options.static_entries, std::move(resolver_));
      }
    }
    if (options_.tls.alpn.empty()) options_.tls.alpn = {"http/1.1"};
    if (can_be_wrong(options.tls)) tls_ = tls::TlsContext::client(options_.tls);
    if (!options.unix_socket.empty()) unix_socket_ = SocketAddress::unix_path(options.unix_socket);
  }

  /// The addresses of a host that may be connected to.
  Task<std::vector<SocketAddress>> find(std::string host, std::uint16_t port, Stage& stage) {
    if (unix_socket_) co_return std::vector<SocketAddress>(1, *unix_socket_);
    co_return co_await look_up(std::move(host), port, stage);
  }

  Task<std::vector<SocketAddress>> look_up(std::string host, std::uint16_t port, Stage& stage) {
    stage.phase = Phase::resolve;
    const auto begun = loop_.now();
    const bool is_asked = stage.trace != nullptr && tell_of_question(*stage.trace, host, port);
    auto resolution = co_await resolver_->resolve(host, port, family_);
    if (is_asked) stage.trace->on_dns_resolvehost_end(host);
    stage.timings.dns += loop_.now() - begun;
    stage.phase = Phase::connect;
    co_return allowed_addresses(std::move(resolution.addresses), host, options_.deny_private,
                                options_.address_policy);
  }

  /// Whether the host's addresses have to be asked for.
  [[nodiscard]] bool tell_of_question(RequestTrace& trace, const std::string& host,
                                      std::uint16_t port) const {
    if (dns::resolve_locally(host, port, dns::Family::any)) return false;
    if (cache_ && cache_->knows(host, family_)) {
      trace.on_dns_cache_hit(host);
      return false;
    }
    if (cache_) trace.on_dns_cache_miss(host);
    trace.on_dns_resolvehost_start(host);
    return true;
  }

  Task<Stream> dial(std::vector<SocketAddress> addresses, Stage& stage) {
    stage.phase = Phase::connect;
    const auto begun = loop_.now();
    auto stream = co_await net::connect_to_any(
        std::move(addresses), dialer_,
        {.attempt_delay = options_.happy_eyeballs_delay, .interleave = options_.interleave});
    stage.timings.connect += loop_.now() - begun;
    co_return stream;
  }

  /// To the target of `route`, or, for requests in absolute form, to the proxy itself.
  Task<Stream> go_through(const ProxyServer& proxy, const Route& route, Stage& stage) {
    if (proxy.scheme != ProxyScheme::socks5) {
      co_return co_await approach(proxy, route, route.host, stage);
    }
    const auto addresses = co_await look_up(route.host, route.port, stage);
    for (std::size_t i = 0; i + 1 < addresses.size(); ++i) {
      try {
        co_return co_await approach(proxy, route, addresses[i].ip_string(), stage);
      } catch (const ProxyFailure&) {
        continue;  // the proxy may reach another one
      }
    }
    co_return co_await approach(proxy, route, addresses.back().ip_string(), stage);
  }

  /// The same, with the host as the proxy is told it. A challenge is answered once.
  Task<Stream> approach(const ProxyServer& proxy, const Route& route, std::string host,
                        Stage& stage) {
    try {
      co_return co_await approach_once(proxy, route, host, stage);
    } catch (const TunnelRefused& refusal) {
      const bool can_answer = refusal.status() == kProxyAuthenticationRequired &&
                              route.detour->authentication->take_challenge(refusal.headers());
      if (!can_answer) throw;
    }
    co_return co_await approach_once(proxy, route, host, stage);
  }

  /// What goes wrong here is the proxy's.
  Task<Stream> approach_once(const ProxyServer& proxy, const Route& route, std::string host,
                             Stage& stage) {
    try {
      auto stream = co_await reach(proxy, stage);
      stage.phase = Phase::proxy;
      const auto begun = loop_.now();
      if (!route.detour->is_absolute) co_await open_tunnel(*stream, route, host);
      stage.timings.connect += loop_.now() - begun;
      co_return stream;
    } catch (const TunnelRefused& refusal) {
      throw TunnelRefused(about(proxy, refusal), refusal.status(), refusal.headers());
    } catch (const DeniedAddress&) {
      throw;
    } catch (const RuntimeError&) {
      throw;
    } catch (const Error& failure) {
      throw ProxyFailure(about(proxy, failure), std::current_exception());
    }
  }

  Task<Stream> reach(const ProxyServer& proxy, Stage& stage) {
    auto addresses = co_await look_up(proxy.host, proxy.port, stage);
    auto stream = co_await dial(std::move(addresses), stage);
    if (proxy.scheme != ProxyScheme::https) co_return stream;
    stage.phase = Phase::tls;
    if (!proxy_tls_) proxy_tls_ = make_proxy_tls(options_);
    const auto begun = loop_.now();
    auto secured =
        co_await tls::TlsStream::connect(std::move(stream), proxy_tls_, proxy.host, proxy.port);
    stage.timings.tls += loop_.now() - begun;
    co_return secured;
  }

  Task<> open_tunnel(net::ByteStream& stream, const Route& route, const std::string& host) const {
    const ProxyServer& proxy = *route.detour->proxy;
    if (proxy.is_socks()) {
      const auto version =
          proxy.scheme == ProxyScheme::socks4a ? proto::SocksVersion::v4a : proto::SocksVersion::v5;
      proto::SocksHandshake handshake(version, {host, route.port}, {proxy.user, proxy.password});
      co_await open_socks_tunnel(stream, std::move(handshake));
      co_return;
    }
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    const std::string target = fmt::format("{}:{}", name, route.port);
    const std::string authorization =
        route.detour->authentication->authorization({.method = "CONNECT", .target = target});
    proto::ConnectHandshake handshake({.host = name,
                                       .port = route.port,
                                       .authorization = authorization,
                                       .headers = &route.detour->proxy_headers},
                                      options_.http1);
    const proto::ResponseHead answer = co_await open_http_tunnel(stream, std::move(handshake));
    // An answer that opens a tunnel has no body.
    if (!route.detour->authentication->take_info(authorization, answer.headers, "")) {
      throw ProxyFailure(std::string(kWrongProof));
    }
  }

  Task<std::unique_ptr<tls::TlsStream>> secure(Stream stream, const Route& route, Stage& stage) {
    stage.phase = Phase::tls;
    const Detour* detour = route.detour.get();
    const bool has_own = detour != nullptr && detour->tls;
    if (!has_own && !tls_) tls_ = tls::TlsContext::client(options_.tls);
    if (!has_own) warn_of_insecurity();
    const bool has_name = detour != nullptr && !detour->server_hostname.empty();
    std::vector<std::string> alpn;
    if (has_own) alpn.emplace_back("http/1.1");  // the context may be for more than this
    const auto begun = loop_.now();
    auto connecting = tls::TlsStream::connect(std::move(stream), has_own ? detour->tls : tls_,
                                              has_name ? detour->server_hostname : route.host,
                                              route.port, std::move(alpn));
    auto secured = co_await std::move(connecting);
    stage.timings.tls += loop_.now() - begun;
    co_return secured;
  }

  void warn_of_insecurity() {
    if (!has_no_trust(options_.tls) || has_warned_) return;
    has_warned_ = true;
    loop_.log(
        "TLS certificates are not verified (TlsOptions::insecure): whoever is in between can read "
        "and change everything");
  }

  EventLoop& loop_;
  ConnectorOptions options_;
  dns::Family family_;
  net::SocketDialer dialer_;
  std::shared_ptr<const tls::TlsContext> tls_;
  std::shared_ptr<const tls::TlsContext> proxy_tls_;
  std::shared_ptr<dns::Resolver> resolver_;
  std::shared_ptr<dns::CachingResolver> cache_;  // in `resolver_`, if that is our own
  std::optional<SocketAddress> unix_socket_;
  bool has_warned_ = false;
};

}  // namespace

std::unique_ptr<ConnectionSource> make_connector(EventLoop& loop, const ConnectorOptions& options) {
  return std::make_unique<Connector>(loop, options);
}

}  // namespace rondo::http
