// Limits of whole transfers, and headers, are given with each request instead.

#include "cli/session_setup.hpp"

namespace rondo::cli {
http::SessionOptions session_options(const FetchOptions& options) {
  http::SessionOptions session;
  http::ConnectorOptions& connector = session.connector;
  connector.limit = options.concurrency;
  connector.limit_per_host = options.per_host;
  connector.tls.ca_file = options.ca_file;
  connector.tls.certificate_file = options.certificate_file;
  connector.tls.key_file = options.key_file;
  connector.tls.min_version = options.tls_min;
  connector.tls.insecure = options.insecure;
  if (!options.dns_server.empty()) connector.dns_servers.push_back(options.dns_server);
  connector.static_entries = options.resolve;
  connector.unix_socket = options.unix_socket;
  connector.deny_private = options.deny_private;
  session.cookies = !options.cookie_jar.empty();
  session.auto_decompress = options.decompress;
  return session;
}

}  // namespace rondo::cli
