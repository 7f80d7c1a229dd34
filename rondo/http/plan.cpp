// A request without headers of its own is sent with the session's default fields as they are: they
// were written once, and only what is in front of them is new.

#include "rondo/http/plan.hpp"

#include <stdexcept>
#include <utility>

#include "rondo/http/connection_wish.hpp"
#include "rondo/http/encoded_body.hpp"
#include "rondo/http/errors.hpp"
#include "rondo/http/merge_headers.hpp"
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

/// Replaces `url`, into whose memory it is written.
std::optional<proto::UrlError> parse_into(Url& url, std::string_view text,
                                          const std::optional<Url>& base) {
  if (!base) return url.set_href(text);
  auto parsed = Url::parse(text, &*base);
  if (!parsed) return parsed.error();
  url = std::move(parsed).value();
  return std::nullopt;
}

void set_url(Url& url, std::string_view text, const std::optional<Url>& base) {
  if (const auto error = parse_into(url, text, base)) {
    // The text is not shown: it may hold a password that cannot be told apart.
    throw InvalidURL({}, "invalid URL: " + std::string(proto::describe(*error)));
  }
  const proto::SchemeKind kind = url.scheme_kind();
  if (kind != proto::SchemeKind::http && kind != proto::SchemeKind::https) {
    throw NonHttpUrlError(site_of(url), "only http and https URLs can be requested");
  }
}

void add_params(Url& url, const RequestDefaults& defaults, const Fields& params) {
  if (!defaults.params.empty()) {
    std::vector<Field> fields;
    fields.reserve(defaults.params.size());
    for (const auto& [name, value] : defaults.params) fields.push_back({name, value});
    url = url.with_query(fields);
  }
  if (!params.empty()) url = url.with_query(params);
}

void compress(Request& request, std::string_view coding) {
  if (!request.body) return;
  if (request.headers.contains("Content-Encoding")) {
    throw InvalidRequest(site_of(request.url),
                         "compress and a Content-Encoding exclude each other");
  }
  auto encoded = encode(request.body, coding);
  if (!encoded) {
    throw InvalidRequest(site_of(request.url),
                         "a body can be compressed as gzip, deflate, br or zstd only");
  }
  request.body = std::move(*encoded);
  request.headers.add("Content-Encoding", coding);
}

void skip_auto_headers(Request& request, const HeaderNames& names,
                       const RequestDefaults& defaults) {
  for (const std::string_view name : names) {
    if (has_name(defaults.auto_headers, name)) request.skip_auto_headers.emplace_back(name);
  }
}

void set_body(Request& request, const RequestOptions& options, const RequestDefaults& defaults) {
  const int bodies =
      (options.data.has_value() ? 1 : 0) + (options.form.empty() ? 0 : 1) + (options.json ? 1 : 0);
  if (bodies > 1) {
    throw InvalidRequest(site_of(request.url), "data, form and json exclude each other");
  }
  if (bodies == 0) return;
  if (options.json) {
    request.body = RequestBody(std::string(*options.json), "application/json");
  } else if (!options.form.empty()) {
    request.body =
        RequestBody(proto::form_urlencoded(options.form), "application/x-www-form-urlencoded");
  } else {
    request.body = options.data.body();
  }
  const std::string& type = request.body.content_type();
  const bool is_skipped =
      defaults.skips_content_type || has_name(options.skip_auto_headers, "Content-Type");
  if (!type.empty() && !is_skipped && !request.headers.contains("Content-Type")) {
    request.headers.add("Content-Type", type);
  }
  if (!options.compress.empty()) compress(request, options.compress);
}

void set_auth(Request& request, const AuthOption& auth) {
  if (!auth.has_value()) return;
  if (request.headers.contains("Authorization") || request.url.has_credentials()) {
    throw InvalidRequest(site_of(request.url),
                         "auth excludes an Authorization header and credentials in the URL");
  }
  try {
    request.headers.add("Authorization", auth.authorization());
  } catch (const std::invalid_argument& refusal) {
    throw InvalidRequest(site_of(request.url), refusal.what());
  }
}

void set_cookies(Request& request, const Fields& cookies) {
  if (cookies.empty()) return;
  std::string text;
  for (const Field cookie : cookies) {
    // What would end the pair, or the field, would make others of it.
    const bool is_pair = cookie.name.find_first_of("=; \t\r\n") == std::string_view::npos &&
                         cookie.value.find_first_of("; \t\r\n") == std::string_view::npos;
    if (!is_pair) throw InvalidRequest(site_of(request.url), "a cookie has a byte that ends it");
    if (!text.empty()) text += "; ";
    text.append(cookie.name).append("=").append(cookie.value);
  }
  if (const auto own = request.headers.get("Cookie")) text = std::string(*own) + "; " + text;
  request.headers.set("Cookie", text);
}

/// Whether the server is to be asked before the body is sent.
bool expects_continue(const Request& request, const HeaderMap& headers) {
  return request.body.has_value() && request.version != HttpVersion::http_1_0 &&
         (request.expect100 || headers.contains_token("Expect", "100-continue"));
}

void add_credentials(const Url& url, std::string_view fallback, HeaderMap& headers) {
  if (!url.has_credentials()) {
    if (!fallback.empty() && !headers.contains("Authorization")) {
      headers.add("Authorization", fallback);
    }
    return;
  }
  const auto value = proto::basic_auth(proto::percent_decode(url.username()),
                                       proto::percent_decode(url.password()));
  if (!value) {
    throw InvalidRequest(site_of(url), "the URL's credentials cannot be sent: " +
                                           std::string(proto::describe(value.error())));
  }
  headers.set("Authorization", *value);
}

void add_cookies(std::string_view cookies, HeaderMap& headers) {
  if (cookies.empty()) return;
  const auto own = headers.get("Cookie");
  headers.set("Cookie",
              own ? std::string(*own) + "; " + std::string(cookies) : std::string(cookies));
}

proto::BodyFraming framing_of(const RequestBody& body) {
  using proto::BodyKind;
  if (body.bytes() != nullptr) return {BodyKind::length, body.bytes()->size()};
  if (body.stream() == nullptr) return {};
  const auto size = body.stream()->size();
  if (!size) return {BodyKind::chunked, 0};
  return {BodyKind::length, *size};
}

/// The URL without what is none of a proxy's business (RFC 9112 §3.2.2).
std::string absolute_form(const Url& url) {
  std::string target = url.without_credentials();
  target.resize(target.size() - url.hash().size());
  return target;
}

/// What goes to a proxy with the request itself, and never to a server.
void set_proxy_headers(const Request& request, const Detour* detour, HeaderMap& headers) {
  headers.remove("Proxy-Authorization");
  if (detour == nullptr || !detour->is_absolute) return;
  if (!detour->proxy_headers.empty()) headers = merge(detour->proxy_headers, headers);
  const std::string value =
      detour->authentication->authorization({.method = request.method,
                                             .target = absolute_form(request.url),
                                             .body = request.body.at_hand()});
  if (!value.empty()) headers.add("Proxy-Authorization", value);
}

/// `usual_head`, if there is one, is for all `headers`.
void write_head(const proto::RequestParts& parts, const Url& url,
                proto::RequestHeadTemplate* usual_head, std::string& head) {
  if (usual_head != nullptr && usual_head->write(parts, head)) return;
  head.clear();
  const auto error = proto::append_request_head(parts, head);
  if (error) throw InvalidRequest(site_of(url), "cannot be sent: " + error->describe());
}

/// What is behind the target of a request, and how it is written.
struct Wording {
  const HeaderMap& headers;
  proto::RequestHeadTemplate* usual_head = nullptr;  ///< null: it is written without one
};

void serialise(const Request& request, std::string_view target, const Wording& wording, Hop& hop) {
  const HeaderMap& headers = wording.headers;
  const bool is_1_0 = request.version == HttpVersion::http_1_0;
  hop.method = request.method;
  hop.body = request.body ? &request.body : nullptr;
  hop.framing = hop.body != nullptr ? framing_of(request.body) : proto::BodyFraming();
  hop.keep_alive = !is_1_0 && !headers.contains_token("Connection", "close");
  hop.read_limit = request.timeout.sock_read;
  hop.total_limit = std::nullopt;
  hop.continue_limit = std::nullopt;
  hop.http1 = request.http1 ? &*request.http1 : nullptr;
  hop.trace = request.trace;
  hop.request = &request;
  if (hop.own_head == nullptr) hop.own_head = make_recycled<RecycledText>();
  std::string& head = hop.own_head->text;
  write_head({.method = request.method,
              .target = target,
              .host = request.url.authority(),
              .headers = headers,
              .body = hop.framing,
              .minor_version = is_1_0 ? 0 : 1},
             request.url, wording.usual_head, head);
  hop.head = head;
}

/// Everything that is no default.
void take_options(Request& request, const RequestOptions& options,
                  const RequestDefaults& defaults) {
  for (const Field field : options.headers) request.headers.add(field.name, field.value);
  request.timeout = options.timeout.over(defaults.timeout);
  request.version = options.version.value_or(defaults.version);
  if (options.http1 != nullptr) request.http1 = *options.http1;
  request.expect100 = options.expect100;
  request.max_redirects = options.allow_redirects ? options.max_redirects : 0;
  request.trace = options.trace;
  request.status_check = options.raise_for_status.over(defaults.status_check);
  request.trace_request_ctx = options.trace_request_ctx;
  request.wish = make_wish(options, request.url);
  if (options.middlewares != nullptr) {
    request.middlewares = std::make_shared<std::vector<Middleware>>(*options.middlewares);
  }
  if (!options.skip_auto_headers.empty()) {
    skip_auto_headers(request, options.skip_auto_headers, defaults);
  }
  set_auth(request, options.auth);
  set_cookies(request, options.cookies);
  set_body(request, options, defaults);
}

}  // namespace

RequestPtr make_request(std::string_view method, std::string_view url,
                        const RequestOptions& options, const RequestDefaults& defaults) {
  auto made = make_recycled<RecycledRequest>();
  Request& request = *made;
  set_url(request.url, url, defaults.base_url);
  const bool has_params = !defaults.params.empty() || !options.params.empty();
  if (has_params) [[unlikely]]
    add_params(request.url, defaults, options.params);
  reassign(request.method, method);
  request.timeout = defaults.timeout;
  request.version = defaults.version;
  request.status_check = defaults.status_check;
  // Most requests have none: then there is nothing to go through.
  if (&options != &kNoOptions) take_options(request, options, defaults);
  return made;
}

void plan_hop(const Request& request, const HeaderMap& defaults, const HopExtras& extras,
              Hop& hop) {
  const bool is_plain = request.headers.empty() && request.skip_auto_headers.empty() &&
                        extras.cookies.empty() && extras.authorization.empty() &&
                        extras.detour == nullptr && !request.url.has_credentials() &&
                        !(request.body && (request.expect100 || defaults.contains("Expect")));
  if (is_plain) {
    const Wording wording{defaults, extras.usual_head};
    return serialise(request, request.url.request_target(), wording, hop);
  }
  HeaderMap headers = merge(defaults, request.headers);
  for (const std::string& name : request.skip_auto_headers) {
    if (!request.headers.contains(name)) headers.remove(name);
  }
  if (!request.headers.contains("Authorization")) {
    add_credentials(request.url, extras.authorization, headers);
  }
  add_cookies(extras.cookies, headers);
  const bool expects = expects_continue(request, headers);
  const bool may_expect = extras.may_expect;
  if (headers.contains_token("Expect", "100-continue")) headers.remove("Expect");
  if (expects && may_expect) headers.add("Expect", "100-continue");
  set_proxy_headers(request, extras.detour, headers);
  std::string target(request.url.request_target());
  if (extras.detour != nullptr && extras.detour->is_absolute) target = absolute_form(request.url);
  serialise(request, target, {headers}, hop);
  if (expects && may_expect) hop.continue_limit = request.timeout.expect_continue;
}

}  // namespace rondo::http
