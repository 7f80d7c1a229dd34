// The detours of requests without wishes are made once for each proxy and scheme. The options take
// the place of the variables that they override, so that there is one set of rules.

#include "rondo/http/detours.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "rondo/base/ascii.hpp"
#include "rondo/dns/local_names.hpp"
#include "rondo/http/address_policy.hpp"
#include "rondo/http/connection_wish.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/merge_headers.hpp"
#include "rondo/http/proxy_headers.hpp"

namespace rondo::http {
namespace {

using proto::ProxyScheme;
using proto::ProxyServer;

constexpr std::string_view kProxyAuthorization = "Proxy-Authorization";

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

proto::ProxyRules make_rules(const SessionOptions& options) {
  // The socket is the way, whatever the environment says.
  const bool trusts_env = options.trust_env && options.connector.unix_socket.empty();
  return proto::ProxyRules([&](std::string_view name) -> std::optional<std::string> {
    const bool is_list = ascii::equal_ignoring_case(name, "no_proxy");
    if (is_list && options.no_proxy) return options.no_proxy;
    if (!is_list && !options.proxy.empty()) return options.proxy;
    return trusts_env ? variable(name) : std::nullopt;
  });
}

[[noreturn]] void refuse(proto::ProxyUrlError error) {
  throw std::invalid_argument("SessionOptions::proxy: invalid proxy: " +
                              std::string(proto::describe(error)));
}

bool resolves_itself(ProxyScheme scheme) noexcept {
  return scheme != ProxyScheme::socks5;
}

/// What the request itself shows a proxy.
std::optional<std::string_view> own_authorization(const Request& request) {
  if (request.wish) {
    if (const auto value = request.wish->proxy_headers.get(kProxyAuthorization)) return value;
  }
  return request.headers.get(kProxyAuthorization);
}

ErrorSite site_of(const Request& request) {
  return {request.url.without_credentials(), Phase::plan};
}

}  // namespace

Detours::Detours(const SessionOptions& options)
    : rules_(make_rules(options)),
      shares_(options.connector.limit_per_host == 0),
      deny_private_(options.connector.deny_private),
      address_policy_(options.connector.address_policy),
      exist_(!options.proxy.empty() || options.trust_env) {
  if (!options.proxy.empty()) {
    if (const auto proxy = proto::parse_proxy_url(options.proxy); !proxy) refuse(proxy.error());
    if (!options.connector.unix_socket.empty()) {
      throw std::invalid_argument("a proxy and a Unix socket exclude each other");
    }
  }
  if (const auto credentials = options.proxy_auth.credentials()) {
    if (options.proxy.empty()) {
      throw std::invalid_argument("SessionOptions::proxy_auth belongs to SessionOptions::proxy");
    }
    if (const auto error = rules_.give_credentials(*credentials)) refuse(*error);
  }
  for (const auto& [name, value] : options.headers) {
    if (ascii::equal_ignoring_case(name, kProxyAuthorization)) authorization_ = value;
  }
  for (const auto& [name, value] : options.proxy_headers) proxy_headers_.add(name, value);
  if (const auto fault = find_proxy_header_fault(proxy_headers_)) {
    throw std::invalid_argument("SessionOptions::proxy_headers: " + *fault);
  }
  if (const auto own = proxy_headers_.get(kProxyAuthorization)) authorization_ = *own;
  proxy_headers_.remove(kProxyAuthorization);
}

/// By what a proxy is known, and by whom: not for any message.
std::shared_ptr<ProxyAuthentication> Detours::authentication_for(const ProxyServer& proxy) {
  const std::string key = fmt::format("{} {} {} {}", proxy.to_string(), proxy.user, proxy.password,
                                      proxy.authorization);
  if (!authentications_.contains(key)) make_room();
  Known& known = authentications_[key];
  if (!known.authentication) known.authentication = std::make_shared<ProxyAuthentication>(proxy);
  known.last_use = ++uses_;
  return known.authentication;
}

/// Whoever still uses the one that is dropped keeps it; the next one has to be challenged anew.
void Detours::make_room() {
  if (authentications_.size() < kMostAuthentications) return;
  authentications_.erase(std::min_element(
      authentications_.begin(), authentications_.end(),
      [](const auto& a, const auto& b) { return a.second.last_use < b.second.last_use; }));
}

Detour Detours::through(ProxyServer proxy, bool secure) {
  Detour detour;
  detour.is_absolute = !secure && !proxy.is_socks();
  detour.is_shared = detour.is_absolute && shares_;
  if (!proxy.has_credentials() && !proxy.is_socks()) proxy.authorization = authorization_;
  detour.authentication = authentication_for(proxy);
  if (!proxy.is_socks()) detour.proxy_headers = proxy_headers_;
  detour.proxy = std::move(proxy);
  return detour;
}

const ProxyServer* Detours::choose(const Request& request) const {
  if (request.wish && request.wish->chooses_proxy) {
    return request.wish->proxy ? &*request.wish->proxy : nullptr;
  }
  if (!exist_) return nullptr;
  const proto::ProxyChoice choice = rules_.choose(request.url);
  if (choice.error) {
    throw ClientProxyConnectionError(
        site_of(request),
        fmt::format("invalid proxy in {}: {}", choice.variable, proto::describe(*choice.error)));
  }
  return choice.proxy;
}

void Detours::check_target(const Request& request) const {
  if (!deny_private_ && !address_policy_) return;
  const std::string host(request.url.host_for_connect());
  auto known = dns::resolve_locally(host, request.url.effective_port(), dns::Family::any);
  if (!known) return;
  try {
    static_cast<void>(
        allowed_addresses(std::move(known->addresses), host, deny_private_, address_policy_));
  } catch (const DeniedAddress& denied) {
    throw AddressDenied(site_of(request), denied.what(), std::current_exception());
  }
}

std::shared_ptr<const Detour> Detours::common(const ProxyServer& proxy, bool secure) {
  auto& known = common_[{&proxy, secure}];
  if (!known) known = std::make_shared<const Detour>(through(proxy, secure));
  return known;
}

std::shared_ptr<const Detour> Detours::plan(const Request& request) {
  const ProxyServer* proxy = choose(request);
  const bool secure = request.url.scheme() == "https";
  if (proxy != nullptr && resolves_itself(proxy->scheme)) check_target(request);
  const auto own = proxy != nullptr ? own_authorization(request) : std::nullopt;
  if (!request.wish && !own) return proxy != nullptr ? common(*proxy, secure) : nullptr;
  Detour detour;
  if (proxy != nullptr) {
    ProxyServer server = *proxy;
    if (own && !server.is_socks()) {
      server.user.clear();
      server.password.clear();
      server.authorization = *own;
    }
    detour = through(std::move(server), secure);
    if (request.wish && !proxy->is_socks()) {
      detour.proxy_headers = merge(detour.proxy_headers, request.wish->proxy_headers);
      detour.proxy_headers.remove(kProxyAuthorization);  // the detour has credentials elsewhere
    }
  }
  if (request.wish && secure) {
    detour.tls = request.wish->tls;
    const bool is_meant = request.wish->origin == request.url.origin();
    if (is_meant) detour.server_hostname = request.wish->server_hostname;
  }
  if (!detour.proxy && !detour.tls && detour.server_hostname.empty()) return nullptr;
  return std::make_shared<const Detour>(std::move(detour));
}

}  // namespace rondo::http
