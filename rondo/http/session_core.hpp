#pragma once
// What a session and its requests share.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/http/client_timeout.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/pool.hpp"
#include "rondo/http/request.hpp"
#include "rondo/proto/content_decoder.hpp"
#include "rondo/proto/cookie_jar.hpp"
#include "rondo/proto/header_map.hpp"
#include "rondo/proto/url.hpp"
#include "rondo/runtime/event_loop.hpp"

namespace rondo::http {

/// Outlives the session as long as a request of it is under way.
struct SessionCore {
  explicit SessionCore(EventLoop& its_loop) : loop(&its_loop), handle(its_loop.reference()) {}

  EventLoop* loop;  ///< not to be touched once it is closed: ask `handle` first
  LoopReference handle;
  std::shared_ptr<Pool> pool;
  proto::HeaderMap headers;
  std::optional<proto::CookieJar> cookies;
  ClientTimeout timeout;
  std::vector<Middleware> middlewares;
  bool auto_decompress = true;
  std::uint64_t max_body_in_memory = 0;
  proto::DecodeLimits decode_limits;

  /// The value of the Cookie field for `url`; empty without a jar.
  [[nodiscard]] std::string cookies_for(const proto::Url& url);

  /// Takes the cookies of an answer from `url`.
  void store_cookies(const proto::Url& url, const proto::HeaderMap& headers);

  /// Throws `ClientPayloadError` for a coding that is refused.
  [[nodiscard]] proto::ContentDecoder make_decoder(std::string_view coding,
                                                   const ErrorSite& site) const;
};

}  // namespace rondo::http
