#pragma once
// From a request and the session's defaults to the bytes that are sent. Nothing here waits.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/detour.hpp"
#include "rondo/http/hop.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/request_ptr.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/http1_request.hpp"

namespace rondo::http {

using QueryParameter = std::pair<std::string, std::string>;

/// What a request takes from its session when it is made.
struct RequestDefaults {
  ClientTimeout timeout = {};
  std::optional<proto::Url> base_url = std::nullopt;  ///< what the URL is relative to
  std::vector<QueryParameter> params = {};            ///< in front of the request's own
  HttpVersion version = HttpVersion::http_1_1;
  std::shared_ptr<const StatusCheck> status_check = nullptr;  ///< null: none
  std::vector<std::string> auto_headers = {};  ///< of the session's headers, what no user has said
  bool skips_content_type = false;             ///< of bodies
};

/// Makes a request of what the caller said. Throws `InvalidURL`, `NonHttpUrlError` and
/// `InvalidRequest`.
[[nodiscard]] RequestPtr make_request(std::string_view method, std::string_view url,
                                      const RequestOptions& options,
                                      const RequestDefaults& defaults);

/// What depends on where a hop goes.
struct HopExtras {
  std::string_view cookies = {};        ///< the value of a Cookie field, or empty
  std::string_view authorization = {};  ///< the same, where nobody else says who it is for
  bool may_expect = true;               ///< whether a server that is to be asked is asked
  const Detour* detour = nullptr;       ///< null: straight to the host
  /// Writes heads with the defaults and nothing else; null: they are not written often enough.
  proto::RequestHeadTemplate* usual_head = nullptr;
};

/// Makes `hop` the next hop of `request`: its head with the session's `defaults` where it says
/// nothing else, credentials of the URL as Basic authentication, and the extras.
/// Proxy-Authorization is sent to proxies alone. The hop has a head of its own, and refers to the
/// request, whose body has been started. Throws `InvalidRequest` when it cannot be sent as it is.
void plan_hop(const Request& request, const proto::HeaderMap& defaults, const HopExtras& extras,
              Hop& hop);

}  // namespace rondo::http
