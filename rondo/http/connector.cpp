// The walk of a new connection: the resolver gives addresses, the address policy takes some away,
// happy eyeballs connects to one of the rest, TLS goes on top for https.

#include "rondo/http/connector.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "rondo/dns/caching_resolver.hpp"
#include "rondo/dns/cares_resolver.hpp"
#include "rondo/dns/static_resolver.hpp"
#include "rondo/http/http1_connection.hpp"
#include "rondo/net/address.hpp"
#include "rondo/net/address_class.hpp"
#include "rondo/net/dialer.hpp"
#include "rondo/net/happy_eyeballs.hpp"
#include "rondo/tls/tls_context.hpp"
#include "rondo/tls/tls_stream.hpp"

namespace rondo::http {
namespace {

using net::SocketAddress;

/// Leaves the public addresses. Throws `DeniedAddress` when there is none.
std::vector<SocketAddress> only_public(std::vector<SocketAddress> addresses,
                                       const std::string& host) {
  std::string denied;
  std::erase_if(addresses, [&](const SocketAddress& address) {
    if (net::is_public(address)) return false;
    denied = fmt::format("{}, {}", address.ip_string(), describe(net::classify(address)));
    return true;
  });
  if (addresses.empty() && !denied.empty()) {
    throw DeniedAddress(fmt::format("{} is not public: {}", host, denied));
  }
  return addresses;
}

std::shared_ptr<dns::Resolver> make_resolver(const ConnectorOptions& options) {
  if (options.resolver) return options.resolver;
  std::shared_ptr<dns::Resolver> resolver =
      std::make_shared<dns::CaresResolver>(dns::CaresOptions{.servers = options.dns_servers});
  resolver = std::make_shared<dns::CachingResolver>(std::move(resolver));
  if (options.static_entries.empty()) return resolver;
  return std::make_shared<dns::StaticResolver>(options.static_entries, std::move(resolver));
}

class Connector final : public ConnectionSource {
 public:
  Connector(EventLoop& loop, const ConnectorOptions& options)
      : loop_(loop), options_(options), resolver_(make_resolver(options)) {
    if (options_.tls.alpn.empty()) options_.tls.alpn = {"http/1.1"};
    // The system's roots take a while to read, and plain HTTP does without; what the user named is
    // checked here.
    const bool names_files = !options.tls.ca_file.empty() || !options.tls.ca_directory.empty() ||
                             !options.tls.certificate_file.empty();
    if (names_files) make_tls_context();
    if (!options.unix_socket.empty()) unix_socket_ = SocketAddress::unix_path(options.unix_socket);
  }

  Task<std::unique_ptr<Connection>> connect(const Route& route, Stage& stage) override {
    auto stream = co_await open(route, stage);
    if (route.secure) stream = co_await secure(std::move(stream), route, stage);
    co_return std::make_unique<Http1Connection>(std::move(stream), route.secure, options_.http1);
  }

 private:
  void make_tls_context() { tls_ = tls::TlsContext::client(options_.tls); }

  Task<std::unique_ptr<net::ByteStream>> open(const Route& route, Stage& stage) {
    std::vector<SocketAddress> addresses;
    if (unix_socket_) {
      addresses = {*unix_socket_};
    } else {
      addresses = co_await resolve(route, stage);
    }
    stage.phase = Phase::connect;
    if (options_.deny_private && !unix_socket_) {
      addresses = only_public(std::move(addresses), route.host);
    }
    const auto begun = loop_.now();
    auto stream = co_await net::connect_to_any(std::move(addresses), dialer_,
                                               {.attempt_delay = options_.happy_eyeballs_delay});
    stage.timings.connect += loop_.now() - begun;
    co_return stream;
  }

  Task<std::vector<SocketAddress>> resolve(const Route& route, Stage& stage) {
    stage.phase = Phase::resolve;
    const auto begun = loop_.now();
    auto resolution = co_await resolver_->resolve(route.host, route.port, dns::Family::any);
    stage.timings.dns += loop_.now() - begun;
    co_return std::move(resolution.addresses);
  }

  Task<std::unique_ptr<net::ByteStream>> secure(std::unique_ptr<net::ByteStream> stream,
                                                const Route& route, Stage& stage) {
    stage.phase = Phase::tls;
    if (!tls_) make_tls_context();
    const auto begun = loop_.now();
    auto secured =
        co_await tls::TlsStream::connect(std::move(stream), tls_, route.host, route.port);
    stage.timings.tls += loop_.now() - begun;
    co_return secured;
  }

  EventLoop& loop_;
  ConnectorOptions options_;
  std::shared_ptr<const tls::TlsContext> tls_;
  std::shared_ptr<dns::Resolver> resolver_;
  net::SocketDialer dialer_;
  std::optional<SocketAddress> unix_socket_;
};

}  // namespace

std::unique_ptr<ConnectionSource> make_connector(EventLoop& loop, const ConnectorOptions& options) {
  return std::make_unique<Connector>(loop, options);
}

}  // namespace rondo::http
