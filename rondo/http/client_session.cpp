// The session itself only checks who calls, and hands over to `run_request`.

#include "rondo/http/client_session.hpp"

#include <fmt/format.h>

#include <coroutine>
#include <exception>
#include <stdexcept>
#include <utility>

#include "rondo/http/connector.hpp"
#include "rondo/http/exchange.hpp"
#include "rondo/http/netrc_file.hpp"
#include "rondo/http/plan.hpp"
#include "rondo/http/session_core.hpp"
#include "rondo/http/warm_up.hpp"
#include "rondo/proto/http1_request.hpp"
#include "rondo/runtime/loop_errors.hpp"

namespace rondo::http {
namespace {

constexpr std::string_view kUserAgent = "rondo/" RONDO_VERSION;

/// What the session adds by itself.
proto::HeaderMap auto_headers(const SessionOptions& options) {
  proto::HeaderMap headers;
  headers.add("User-Agent", kUserAgent);
  headers.add("Accept", "*/*");
  if (options.auto_decompress) headers.add("Accept-Encoding", proto::kAcceptEncoding);
  for (const std::string& name : options.skip_auto_headers) headers.remove(name);
  return headers;
}

proto::HeaderMap default_headers(const SessionOptions& options, proto::HeaderMap headers) {
  for (const auto& [name, value] : options.headers) headers.set(name, value);
  const std::string& authorization = options.auth.authorization();
  if (!authorization.empty()) headers.set("Authorization", authorization);
  if (options.connector.force_close) headers.set("Connection", "close");
  headers.remove("Proxy-Authorization");  // goes to proxies alone: see `Detours`
  return headers;
}

std::vector<Middleware> checked(const std::vector<Middleware>& middlewares) {
  for (const Middleware& one : middlewares) {
    if (!one) throw std::invalid_argument("SessionOptions::middlewares: one of them is empty");
  }
  return middlewares;
}

proto::Url base_url(const std::string& text) {
  auto url = proto::Url::parse(text);
  const bool is_http = url && (url->scheme() == "http" || url->scheme() == "https");
  if (!is_http) throw std::invalid_argument("SessionOptions::base_url is no http or https URL");
  return std::move(url).value();
}

std::string joined(const std::vector<std::pair<std::string, std::string>>& cookies) {
  std::string text;
  for (const auto& [name, value] : cookies) {
    if (!text.empty()) text += "; ";
    text.append(name).append("=").append(value);
  }
  return text;
}

/// What a request takes from the session.
void keep_defaults(const SessionOptions& options, SessionCore& core) {
  const proto::HeaderMap added = auto_headers(options);
  proto::HeaderMap unsaid = added;
  for (const auto& [name, value] : options.headers) unsaid.remove(name);
  for (const proto::Field field : unsaid) core.defaults.auto_headers.emplace_back(field.name);
  core.defaults.skips_content_type = has_name(options.skip_auto_headers, "Content-Type");
  core.headers = default_headers(options, added);
  core.usual_head = proto::RequestHeadTemplate(core.headers);
  core.defaults.params = options.params;
  if (!options.base_url.empty()) core.defaults.base_url = base_url(options.base_url);
  core.own_cookies = joined(options.own_cookies);
  core.defaults.timeout = options.timeout;
  core.defaults.version = options.version;
  core.defaults.status_check = options.raise_for_status.check();
  core.middlewares = checked(options.middlewares);
  core.trace_configs = options.trace_configs;
  if (options.trust_env && options.netrc) {
    core.netrc = read_netrc();
    core.has_netrc = true;
  }
}

std::shared_ptr<SessionCore> make_core(EventLoop& loop, const SessionOptions& options,
                                       std::source_location created_at) {
  auto core = std::make_shared<SessionCore>(loop);
  const ConnectorOptions& connector = options.connector;
  const auto keep_alive =
      connector.force_close ? Clock::duration::zero() : connector.keepalive_timeout;
  core->pool = std::make_shared<Pool>(
      loop, make_connector(loop, connector),
      PoolLimits{connector.limit, connector.limit_per_host, keep_alive}, created_at);
  core->replays = connector.replay_on_stale_connection;
  core->detours = std::make_unique<Detours>(options);
  keep_defaults(options, *core);
  core->cookies = options.cookie_jar;
  if (!core->cookies && options.cookies) core->cookies = std::make_shared<proto::CookieJar>();
  if (options.hsts) {
    core->hsts = options.hsts_store;
    if (!core->hsts) core->hsts = std::make_shared<proto::HstsStore>();
    // What comes over TLS that nobody has verified says nothing of the host.
    core->learns_hsts = !connector.tls.insecure;
  }
  core->https_only = options.https_only;
  core->auto_decompress = options.auto_decompress;
  core->max_body_in_memory = options.max_body_in_memory;
  core->max_body = options.max_body.value_or(core->max_body);
  core->decode_limits.max_ratio = options.max_decompression_ratio;
  return core;
}

/// A request that cannot be made fails where its response is awaited.
template <class T>
Task<T> fail(std::exception_ptr error) {
  co_await std::suspend_never();
  std::rethrow_exception(error);
}

}  // namespace

ClientSession::ClientSession(const SessionOptions& options, std::source_location created_at)
    : core_(make_core(get_running_loop(), options, created_at)), created_at_(created_at) {}

ClientSession::~ClientSession() {
  const LoopReference loop = core_->handle;
  if (loop.get() != nullptr || loop.is_closed()) {
    core_->pool->close();
    return;
  }
  try {
    loop.call_soon_threadsafe([core = std::move(core_)] { core->pool->close(); });
  } catch (const LoopClosedError&) {
    return;  // it has closed meanwhile, and the connections with it
  }
}

void ClientSession::close() {
  core_->handle.require_thread("ClientSession::close()");
  core_->pool->close();
}

bool ClientSession::closed() const noexcept {
  return core_->pool->is_closed();
}

proto::CookieJar* ClientSession::cookie_jar() noexcept {
  return core_->cookies.get();
}

std::size_t ClientSession::active_connections() const noexcept {
  return core_->pool->active();
}

std::size_t ClientSession::idle_connections() const noexcept {
  return core_->pool->idle();
}

ConnectionStatistics ClientSession::statistics() const noexcept {
  return core_->pool->statistics();
}

inline void ClientSession::require_usable() const {
  core_->handle.require_running("ClientSession", created_at_);
  if (closed()) throw InvalidStateError("the session is closed");
}

Task<Response> ClientSession::request(std::string_view method, std::string_view url,
                                      const RequestOptions& options) const {
  try {
    require_usable();
    return run_request(core_, make_request(method, url, options, core_->defaults));
  } catch (...) {
    return fail<Response>(std::current_exception());
  }
}

Task<std::size_t> ClientSession::warm_up(std::string_view url, std::size_t count,
                                         const RequestOptions& options) const {
  try {
    require_usable();
    return http::warm_up(core_, *make_request("GET", url, options, core_->defaults), count);
  } catch (...) {
    return fail<std::size_t>(std::current_exception());
  }
}

Task<Response> ClientSession::get(std::string_view url, const RequestOptions& options) const {
  return request("GET", url, options);
}

Task<Response> ClientSession::head(std::string_view url, const RequestOptions& options) const {
  return request("HEAD", url, options);
}

Task<Response> ClientSession::post(std::string_view url, const RequestOptions& options) const {
  return request("POST", url, options);
}

Task<Response> ClientSession::put(std::string_view url, const RequestOptions& options) const {
  return request("PUT", url, options);
}

Task<Response> ClientSession::patch(std::string_view url, const RequestOptions& options) const {
  return request("PATCH", url, options);
}

Task<Response> ClientSession::delete_(std::string_view url, const RequestOptions& options) const {
  return request("DELETE", url, options);
}

Task<Response> ClientSession::options(std::string_view url, const RequestOptions& options) const {
  return request("OPTIONS", url, options);
}

}  // namespace rondo::http
