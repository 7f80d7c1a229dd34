#pragma once
// Which proxy a URL is fetched through, by the variables of the environment: http_proxy,
// https_proxy, all_proxy, no_proxy.
//
//   const ProxyRules rules([](std::string_view name) { return variable(name); });
//   const ProxyChoice choice = rules.choose(url);

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rondo/proto/no_proxy.hpp"
#include "rondo/proto/proxy_url.hpp"
#include "rondo/proto/url.hpp"

namespace rondo::proto {

/// The answer for one URL; the views and the pointer live as long as the rules.
struct ProxyChoice {
  /// Null: connect directly, unless there is an error.
  const ProxyServer* proxy = nullptr;
  /// The variable that says so; empty if none does.
  std::string_view variable;
  /// The variable's value is no proxy: the request fails, since to go directly instead would be to
  /// give away what the proxy was to hide.
  std::optional<ProxyUrlError> error;
};

/// A snapshot of the variables. It can be read by several threads.
class ProxyRules {
 public:
  /// The value of the variable with that name; nothing if it is not set.
  using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

  /// No variable is set: everything is direct.
  ProxyRules() = default;

  /// Reads, each only if those before it are not set or empty:
  ///   - for http URLs `http_proxy`, `all_proxy`, `ALL_PROXY`. Not `HTTP_PROXY`: under CGI that is
  ///     the request's field Proxy, set by whoever sends it (httpoxy, CVE-2016-5385);
  ///   - for https URLs `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`;
  ///   - `no_proxy`, `NO_PROXY`: what needs none of them (see `NoProxy`).
  /// This is curl's reading; aiohttp knows all but `all_proxy`.
  explicit ProxyRules(const Lookup& lookup);

  [[nodiscard]] ProxyChoice choose(const Url& url) const;

  /// Gives each proxy credentials; see there. What is wrong with one is said of the first.
  [[nodiscard]] std::optional<ProxyUrlError> give_credentials(const ProxyCredentials& credentials);

  /// Replaces the hosts that are reached directly.
  void set_no_proxy(NoProxy hosts) { no_proxy_ = std::move(hosts); }

 private:
  struct Rule {
    std::string_view variable;
    ProxyServer proxy;
    std::optional<ProxyUrlError> error;
  };
  using Rules = std::optional<Rule>;

  static Rules first_of(const Lookup& lookup, std::initializer_list<std::string_view> names);

  Rules http_;
  Rules https_;
  NoProxy no_proxy_;
};

}  // namespace rondo::proto
