// A request without headers of its own is sent with the session's default fields as they are,
// uncopied.

#include "rondo/http/plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rondo/base/ascii.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/middleware.hpp"
#include "rondo/proto/basic_auth.hpp"
#include "rondo/proto/http1_request.hpp"
#include "rondo/proto/percent.hpp"
#include "rondo/proto/query.hpp"

namespace rondo::http {
namespace {

using proto::HeaderMap;
using proto::Url;

ErrorSite site_of(const Url& url) {
  return {url.without_credentials(), Phase::plan};
}

Url parse_url(std::string_view text) {
  auto url = Url::parse(text);
  if (!url) {
    // The text is not shown: it may hold a password that cannot be told apart.
    throw InvalidURL({}, "invalid URL: " + std::string(proto::describe(url.error())));
  }
  if (url->scheme() != "http" && url->scheme() != "https") {
    throw NonHttpUrlError(site_of(*url), "only http and https URLs can be requested");
  }
  return std::move(url).value();
}

void set_body(Request& request, const RequestOptions& options) {
  const int bodies =
      (options.data ? 1 : 0) + (options.form.empty() ? 0 : 1) + (options.json ? 1 : 0);
  if (bodies > 1) {
    throw InvalidRequest(site_of(request.url), "data, form and json exclude each other");
  }
  std::string_view type;
  if (options.data) {
    request.body = std::make_shared<std::string>(*options.data);
  } else if (options.json) {
    request.body = std::make_shared<std::string>(*options.json);
    type = "application/json";
  } else if (!options.form.empty()) {
    request.body = std::make_shared<std::string>(proto::form_urlencoded(options.form));
    type = "application/x-www-form-urlencoded";
  }
  if (!type.empty() && !request.headers.contains("Content-Type")) {
    request.headers.add("Content-Type", type);
  }
}

void add_credentials(const Url& url, HeaderMap& headers) {
  if (!url.has_credentials() || headers.contains("Authorization")) return;
  const auto value = proto::basic_auth(proto::percent_decode(url.username()),
                                       proto::percent_decode(url.password()));
  if (!value) {
    throw InvalidRequest(site_of(url), "the URL's credentials cannot be sent: " +
                                           std::string(proto::describe(value.error())));
  }
  headers.add("Authorization", *value);
}

void add_cookies(std::string_view cookies, HeaderMap& headers) {
  if (cookies.empty()) return;
  const auto own = headers.get("Cookie");
  headers.set("Cookie",
              own ? std::string(*own) + "; " + std::string(cookies) : std::string(cookies));
}

HeaderMap merge(const HeaderMap& defaults, const HeaderMap& own) {
  HeaderMap merged;
  for (const Field field : defaults) {
    if (!own.contains(field.name)) merged.add(field.name, field.value);
  }
  for (const Field field : own) merged.add(field.name, field.value);
  return merged;
}

Hop serialise(const Request& request, const HeaderMap& headers) {
  Hop hop;
  hop.method = request.method;
  hop.body = request.body;
  hop.keep_alive = !headers.contains_token("Connection", "close");
  hop.read_limit = request.timeout.sock_read;
  proto::BodyFraming framing;
  if (request.body) framing = {proto::BodyKind::length, request.body->size()};
  const auto error = proto::append_request_head({.method = request.method,
                                                 .target = request.url.request_target(),
                                                 .host = request.url.authority(),
                                                 .headers = headers,
                                                 .body = framing},
                                                hop.head);
  if (error) throw InvalidRequest(site_of(request.url), "cannot be sent: " + error->describe());
  return hop;
}

}  // namespace

Request make_request(std::string_view method, std::string_view url, const RequestOptions& options,
                     const ClientTimeout& defaults) {
  Url parsed = parse_url(url);
  if (!options.params.empty()) parsed = parsed.with_query(options.params);
  Request request{.method = std::string(method),
                  .url = std::move(parsed),
                  .headers = HeaderMap(options.headers),
                  .body = nullptr,
                  .timeout = options.timeout.over(defaults),
                  .max_redirects = options.allow_redirects ? options.max_redirects : 0,
                  .trace = options.trace,
                  .middlewares = nullptr};
  if (options.middlewares != nullptr) {
    request.middlewares = std::make_shared<std::vector<Middleware>>(*options.middlewares);
  }
  set_body(request, options);
  return request;
}

Hop plan_hop(const Request& request, const HeaderMap& defaults, std::string_view cookies) {
  const bool is_plain =
      request.headers.empty() && cookies.empty() && !request.url.has_credentials();
  if (is_plain) return serialise(request, defaults);
  HeaderMap headers = merge(defaults, request.headers);
  add_credentials(request.url, headers);
  add_cookies(cookies, headers);
  return serialise(request, headers);
}

bool is_idempotent(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 6> kIdempotent = {"GET",    "HEAD",    "PUT",
                                                           "DELETE", "OPTIONS", "TRACE"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

}  // namespace rondo::http
