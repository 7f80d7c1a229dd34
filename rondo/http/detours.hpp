#pragma once
// By which way each hop goes.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "rondo/http/detour.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/session_options.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/proxy_rules.hpp"

namespace rondo::http {

/// The proxies and policies of a session. Nothing here waits.
class Detours {
 public:
  /// So many credentials of proxies are remembered, with what was answered to them; requests may
  /// bring any number of them.
  static constexpr std::size_t kMostAuthentications = 64;

  /// Throws `std::invalid_argument` for a proxy that is none, and for headers that cannot be sent
  /// to one. Reads the environment if the options trust it; what is wrong there shows with the
  /// first request that it concerns.
  explicit Detours(const SessionOptions& options);

  /// Whether a request without wishes of its own may ever need a detour.
  [[nodiscard]] bool exist() const noexcept { return exist_; }

  /// The way of the hop that `request` is; null: straight to its host. Throws
  /// `ClientProxyConnectionError` for a variable that names no proxy, and `AddressDenied` for a
  /// host that the proxy would look up and the session's policy is known to forbid.
  [[nodiscard]] std::shared_ptr<const Detour> plan(const Request& request);

 private:
  struct Known {
    std::shared_ptr<ProxyAuthentication> authentication;
    std::uint64_t last_use = 0;
  };

  void make_room();
  [[nodiscard]] Detour through(proto::ProxyServer proxy, bool secure);
  std::shared_ptr<ProxyAuthentication> authentication_for(const proto::ProxyServer& proxy);
  [[nodiscard]] const proto::ProxyServer* choose(const Request& request) const;
  void check_target(const Request& request) const;
  std::shared_ptr<const Detour> common(const proto::ProxyServer& proxy, bool secure);

  proto::ProxyRules rules_;
  std::string authorization_;  // of the session's headers
  proto::HeaderMap proxy_headers_;
  bool shares_;  // without a limit for each host, nothing has to tell the hosts apart
  bool deny_private_;
  AddressPolicy address_policy_;
  bool exist_ = false;
  std::map<std::string, Known> authentications_;
  std::uint64_t uses_ = 0;
  std::map<std::pair<const proto::ProxyServer*, bool>, std::shared_ptr<const Detour>> common_;
};

}  // namespace rondo::http
