// A request without wishes costs a null pointer.

#include "rondo/http/connection_wish.hpp"

#include <utility>

#include "rondo/http/errors.hpp"
#include "rondo/http/proxy_headers.hpp"
#include "rondo/http/request.hpp"

namespace rondo::http {
namespace {

[[noreturn]] void refuse_proxy(const proto::Url& url, proto::ProxyUrlError error) {
  throw InvalidURL({url.without_credentials(), Phase::plan},
                   "invalid proxy: " + std::string(proto::describe(error)));
}

proto::ProxyServer parse_proxy(const RequestOptions& options, const proto::Url& url) {
  auto proxy = proto::parse_proxy_url(*options.proxy);
  if (!proxy) refuse_proxy(url, proxy.error());
  if (const auto& credentials = options.proxy_auth.credentials()) {
    if (const auto error = proto::give_credentials(*proxy, *credentials)) refuse_proxy(url, *error);
  }
  return std::move(proxy).value();
}

}  // namespace

std::shared_ptr<const ConnectionWish> make_wish(const RequestOptions& options,
                                                const proto::Url& url) {
  const bool is_plain = !options.proxy && options.tls == nullptr &&
                        options.server_hostname.empty() && options.proxy_headers.empty() &&
                        !options.proxy_auth.credentials();
  if (is_plain) return nullptr;
  auto wish = std::make_shared<ConnectionWish>();
  if (options.proxy) {
    wish->chooses_proxy = true;
    if (!options.proxy->empty()) wish->proxy = parse_proxy(options, url);
  }
  if (options.proxy_auth.credentials() && !wish->proxy) {
    throw InvalidRequest({url.without_credentials(), Phase::plan},
                         "proxy_auth belongs to a proxy of the request's own");
  }
  wish->proxy_headers = proto::HeaderMap(options.proxy_headers);
  if (const auto fault = find_proxy_header_fault(wish->proxy_headers)) {
    throw InvalidRequest({url.without_credentials(), Phase::plan}, "proxy_headers: " + *fault);
  }
  if (options.tls != nullptr) wish->tls = options.tls->shared_from_this();
  if (!options.server_hostname.empty()) {
    wish->server_hostname = options.server_hostname;
    wish->origin = url.origin();
  }
  return wish;
}

}  // namespace rondo::http
