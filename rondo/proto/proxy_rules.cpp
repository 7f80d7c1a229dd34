// Values are parsed when the rules are made; one that is wrong matters only to the URLs it is for.

#include "rondo/proto/proxy_rules.hpp"

#include <utility>

namespace rondo::proto {

ProxyRules::ProxyRules(const Lookup& lookup)
    : http_(first_of(lookup, {"http_proxy", "all_proxy", "ALL_PROXY"})),
      https_(first_of(lookup, {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})) {
  for (const std::string_view name : {"no_proxy", "NO_PROXY"}) {
    const std::optional<std::string> list = lookup(name);
    if (!list || list->empty()) continue;
    no_proxy_ = NoProxy(*list);
    break;
  }
}

ProxyRules::Rules ProxyRules::first_of(const Lookup& lookup,
                                       std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const std::optional<std::string> value = lookup(name);
    if (!value || value->empty()) continue;
    auto proxy = parse_proxy_url(*value);
    if (!proxy) return Rule{name, {}, proxy.error()};
    return Rule{name, std::move(proxy).value(), std::nullopt};
  }
  return std::nullopt;
}

std::optional<ProxyUrlError> ProxyRules::give_credentials(const ProxyCredentials& credentials) {
  for (Rules* rule : {&http_, &https_}) {
    if (!*rule || (*rule)->error) continue;
    if (const auto error = proto::give_credentials((*rule)->proxy, credentials)) return error;
  }
  return std::nullopt;
}

ProxyChoice ProxyRules::choose(const Url& url) const {
  const Rules& rule = url.scheme() == "https" || url.scheme() == "wss" ? https_ : http_;
  if (!rule || no_proxy_.matches(url.host_for_connect(), url.effective_port())) return {};
  return {rule->error ? nullptr : &rule->proxy, rule->variable, rule->error};
}

}  // namespace rondo::proto
