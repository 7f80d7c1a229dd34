#pragma once
// What one request wants of its connection, in place of what its session does.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/proto/header_map.hpp"
#include "rondo/proto/proxy_url.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/tls/tls_context.hpp"

namespace rondo::http {

struct RequestOptions;

/// Holds on all hops of the request, but for `server_hostname`, which is meant for one origin.
struct ConnectionWish {
  bool chooses_proxy = false;
  std::optional<proto::ProxyServer> proxy;  ///< if it chooses: nothing is none
  proto::HeaderMap proxy_headers;           ///< in place of the session's of the same names
  std::shared_ptr<const tls::TlsContext> tls;
  std::string server_hostname;
  std::string origin;  ///< for which `server_hostname` holds
};

/// What `options` say; null if that is nothing. Throws `InvalidURL` for a proxy that is none, and
/// `InvalidRequest` for headers that cannot be sent to one.
[[nodiscard]] std::shared_ptr<const ConnectionWish> make_wish(const RequestOptions& options,
                                                              const proto::Url& url);

}  // namespace rondo::http
