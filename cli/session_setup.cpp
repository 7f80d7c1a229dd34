// Limits of whole transfers, and headers, are given with each request instead. Of the environment,
// what curl looks at counts: proxies, and SSLKEYLOGFILE.

#include "cli/session_setup.hpp"

#include <cstdlib>

#include "rondo/proto/proxy_url.hpp"

namespace rondo::cli {
namespace {

tls::TlsOptions tls_options(const FetchOptions& options) {
  tls::TlsOptions tls;
  tls.ca_file = options.ca_file;
  tls.certificate_file = options.certificate_file;
  tls.key_file = options.key_file;
  tls.min_version = options.tls_min;
  tls.max_version = options.tls_max;
  tls.insecure = options.insecure;
  for (const std::string& pin : options.pins) {
    (pin.starts_with("sha256//") ? tls.public_key_pins : tls.certificate_pins).push_back(pin);
  }
  if (const char* file = std::getenv("SSLKEYLOGFILE")) tls.key_log_file = file;
  return tls;
}

/// Pins and the own certificate are for servers.
tls::TlsOptions proxy_tls_options(tls::TlsOptions tls) {
  tls.certificate_file.clear();
  tls.key_file.clear();
  tls.certificate_pins.clear();
  tls.public_key_pins.clear();
  return tls;
}

void set_proxy(const FetchOptions& options, http::SessionOptions& session) {
  session.proxy = options.proxy;
  session.proxy_headers = options.proxy_headers;
  if (!options.proxy_digest) return;
  // Those in a URL are Basic.
  const proto::ProxyServer proxy = proto::parse_proxy_url(options.proxy).value();
  session.proxy = proxy.to_string();
  session.proxy_auth = http::DigestAuth{proxy.user, proxy.password};
}

}  // namespace

http::SessionOptions session_options(const FetchOptions& options) {
  http::SessionOptions session;
  http::ConnectorOptions& connector = session.connector;
  connector.limit = options.concurrency;
  connector.limit_per_host = options.per_host;
  connector.tls = tls_options(options);
  connector.proxy_tls = proxy_tls_options(connector.tls);
  connector.local_address = options.local.address;
  connector.interface = options.local.interface;
  if (!options.dns_server.empty()) connector.dns_servers.push_back(options.dns_server);
  connector.static_entries = options.resolve;
  connector.unix_socket = options.unix_socket;
  connector.deny_private = options.deny_private;
  set_proxy(options, session);
  session.no_proxy = options.no_proxy;
  session.trust_env = true;
  session.netrc = false;  // logins that nobody has asked for are sent to nobody
  session.cookies = !options.cookie_jar.empty();
  session.auto_decompress = options.decompress;
  return session;
}

}  // namespace rondo::cli
