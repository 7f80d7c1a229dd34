// Cookies and codings, as the session's options want them.

#include "rondo/http/session_core.hpp"

#include <chrono>
#include <utility>

namespace rondo::http {

using std::chrono::system_clock;

std::string SessionCore::cookies_for(const proto::Url& url) {
  if (!cookies || cookies->empty()) return {};
  return cookies->header_for(url, system_clock::now());
}

void SessionCore::store_cookies(const proto::Url& url, const proto::HeaderMap& response_headers) {
  if (!cookies) return;
  response_headers.for_each("Set-Cookie", [&](std::string_view value) {
    // A cookie that is refused is the server's mistake, not the request's.
    cookies->store(url, value, system_clock::now());
  });
}

proto::ContentDecoder SessionCore::make_decoder(std::string_view coding,
                                                const ErrorSite& site) const {
  auto decoder = proto::ContentDecoder::make(coding, decode_limits);
  if (decoder) return std::move(decoder).value();
  throw ClientPayloadError({site.url, Phase::receive},
                           "the body cannot be decoded: " + std::string(describe(decoder.error())));
}

}  // namespace rondo::http
