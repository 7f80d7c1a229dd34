// Cookies and codings, as the session's options want them.

#include "rondo/http/session_core.hpp"

#include <chrono>
#include <utility>

#include "rondo/proto/basic_auth.hpp"

namespace rondo::http {

using std::chrono::system_clock;

std::string SessionCore::cookies_for(const proto::Url& url) {
  return cookies->header_for(url, system_clock::now());
}

std::string SessionCore::netrc_authorization(const proto::Url& url) const {
  const auto login = netrc.find(url.host_for_connect());
  if (!login) return {};
  const auto value = proto::basic_auth(login->user, login->password);
  return value ? value.value() : std::string();
}

void SessionCore::store_cookies(const proto::Url& url, const proto::HeaderMap& response_headers) {
  if (!cookies) return;
  response_headers.for_each("Set-Cookie", [&](std::string_view value) {
    // A cookie that is refused is the server's mistake, not the request's.
    cookies->store(url, value, system_clock::now());
  });
}

void SessionCore::upgrade(Request& request) const {
  if (!hsts->applies(request.url, system_clock::now())) return;
  request.url = proto::HstsStore::upgraded(std::move(request.url));
  request.is_upgraded = true;
}

void SessionCore::note_hsts(const proto::Url& url, const proto::HeaderMap& response_headers) {
  if (!learns_hsts) return;
  const auto field = response_headers.get("Strict-Transport-Security");
  if (field) hsts->note(url, *field, system_clock::now());
}

void SessionCore::refuse_insecure(const proto::Url& url) {
  throw InsecureUrlError({url.without_credentials(), Phase::plan},
                         "the session requests https URLs only");
}

proto::ContentDecoder SessionCore::make_decoder(std::string_view coding,
                                                const ErrorSite& site) const {
  auto decoder = proto::ContentDecoder::make(coding, decode_limits);
  if (decoder) return std::move(decoder).value();
  throw ClientPayloadError({site.url, Phase::receive},
                           "the body cannot be decoded: " + std::string(describe(decoder.error())));
}

}  // namespace rondo::http
