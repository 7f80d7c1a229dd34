#pragma once
// What a session and its requests share.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rondo/http/client_timeout.hpp"
#include "rondo/http/detours.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/plan.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request.hpp"
#include "rondo/http/trace_config.hpp"
#include "rondo/proto/content_decoder.hpp"
#include "rondo/proto/cookie_jar.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/hsts.hpp"
#include "rondo/proto/http1_request.hpp"
#include "rondo/proto/netrc.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::http {

/// Outlives the session as long as a request of it is under way.
struct SessionCore {
  explicit SessionCore(EventLoop& its_loop) : loop(&its_loop), handle(its_loop.reference()) {}

  EventLoop* loop;  ///< not to be touched once it is closed: ask `handle` first
  LoopReference handle;
  std::shared_ptr<Pool> pool;
  std::unique_ptr<Detours> detours;  ///< null: requests without wishes go straight
  proto::HeaderMap headers;
  proto::RequestHeadTemplate usual_head;      ///< with `headers`
  std::shared_ptr<proto::CookieJar> cookies;  ///< null: they are not kept
  RequestDefaults defaults;
  std::vector<Middleware> middlewares;
  std::vector<TraceConfig> trace_configs;
  std::string own_cookies;  ///< for the first origin; may be empty
  proto::Netrc netrc;
  bool has_netrc = false;
  bool auto_decompress = true;
  std::shared_ptr<proto::HstsStore> hsts;  ///< null: the session does not obey it
  bool learns_hsts = true;                 ///< not where nobody verifies TLS
  bool https_only = false;
  bool replays = true;  ///< `ConnectorOptions::replay_on_stale_connection`
  std::uint64_t max_body_in_memory = 0;
  std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max();
  proto::DecodeLimits decode_limits;

  /// The way of the hop that `request` is; see `Detours::plan`.
  [[nodiscard]] std::shared_ptr<const Detour> detour_for(const Request& request) const {
    if (!request.wish && (!detours || !detours->exist())) return nullptr;
    return detours ? detours->plan(request) : nullptr;
  }

  /// Makes the URL of a request, if it is an http one of a host that wants TLS, an https one.
  void upgrade(Request& request) const;

  /// Takes what `url` has said about TLS in its answer, which came over TLS that the session's own
  /// options are for.
  void note_hsts(const proto::Url& url, const proto::HeaderMap& headers);

  /// Throws `InsecureUrlError` for what an https-only session does not send.
  void require_allowed(const proto::Url& url) const {
    if (https_only && url.scheme() != "https") refuse_insecure(url);
  }
  [[noreturn]] static void refuse_insecure(const proto::Url& url);

  /// Whether a hop may have fields that depend on where it goes.
  [[nodiscard]] bool may_add_fields() const noexcept {
    return has_netrc || !own_cookies.empty() || (cookies && !cookies->empty());
  }

  /// The value of the Cookie field for `url`; empty: no cookie is for it. There is a jar.
  [[nodiscard]] std::string cookies_for(const proto::Url& url);

  /// The value of the Authorization field that the netrc file has for the host of `url`; empty:
  /// none.
  [[nodiscard]] std::string netrc_authorization(const proto::Url& url) const;

  /// Takes the cookies of an answer from `url`.
  void store_cookies(const proto::Url& url, const proto::HeaderMap& headers);

  /// Throws `ClientPayloadError` for a coding that is refused.
  [[nodiscard]] proto::ContentDecoder make_decoder(std::string_view coding,
                                                   const ErrorSite& site) const;
};

}  // namespace rondo::http
