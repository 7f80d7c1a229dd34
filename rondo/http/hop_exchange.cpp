// Plan the hop, get a connection, send it, read the head of the answer. A kept connection that has
// died is replaced by a new one.

#include "rondo/http/hop_exchange.hpp"

#include <utility>

#include "rondo/http/body_check.hpp"
#include "rondo/http/failures.hpp"
#include "rondo/http/plan.hpp"
#include "rondo/http/proxy_failure.hpp"
#include "rondo/http/response_state.hpp"
#include "rondo/proto/redirect.hpp"
#include "rondo/proto/retry.hpp"
#include "rondo/runtime/timeout.hpp"

namespace rondo::http {
namespace {

/// Whether a request whose exchange failed may be sent once more: only a kept connection may have
/// died before the request came, and nothing must be done twice that may not be.
bool may_replay(const Lease& lease, const ExchangeFailure& failure, const Hop& hop) {
  const bool is_about_server = failure.fault == ExchangeFault::protocol ||
                               failure.fault == ExchangeFault::timed_out ||
                               failure.fault == ExchangeFault::request;
  const bool connection_died =
      lease.is_reused() && !is_about_server && lease->progress() != Progress::answered;
  const bool may_repeat =
      proto::is_idempotent(hop.method) && (!hop.stream || hop.stream->is_replayable());
  return connection_died && (lease->progress() == Progress::unsent || may_repeat);
}

/// The value of the field in a head that was written here, where it stands once at most.
std::string_view proxy_authorization_in(std::string_view head) {
  constexpr std::string_view kLine = "\r\nProxy-Authorization: ";
  const std::size_t at = head.find(kLine);
  if (at == std::string_view::npos) return {};
  head.remove_prefix(at + kLine.size());
  return head.substr(0, head.find("\r\n"));
}

}  // namespace

ErrorSite HopExchange::site() const {
  return {request_.url.without_credentials(), stage_.phase};
}

void HopContext::leave_origin() {
  if (defaults_elsewhere) return;
  defaults_elsewhere.emplace();
  for (const Field field : core->headers) {
    if (!proto::belongs_to_origin(field.name)) defaults_elsewhere->add(field.name, field.value);
  }
}

Task<> HopExchange::start_body() {
  if (std::exchange(body_waits_, false)) co_return;
  if (!request_.body.stream()->may_start()) {
    throw InvalidRequest(site(), "the body has been sent, and cannot be sent again");
  }
  co_await request_.body.stream()->start();
}

/// Whether the server will not be asked (RFC 9110 §10.1.1). The body has not been touched then.
bool HopExchange::is_refused_expectation(const Reply& reply) {
  body_waits_ = reply.head.status == 417 && reply.has_left_body;
  return body_waits_;
}

Hop HopExchange::plan(bool may_expect, std::string& head) const {
  SessionCore& core = *context_.core;
  std::string cookies = core.cookies_for(request_.url);
  if (!core.own_cookies.empty() && !context_.defaults_elsewhere) {
    cookies = cookies.empty() ? core.own_cookies : core.own_cookies + "; " + cookies;
  }
  std::string authorization;
  if (core.has_netrc) authorization = core.netrc_authorization(request_.url);
  return plan_hop(request_, context_.defaults(),
                  {.cookies = cookies,
                   .authorization = authorization,
                   .may_expect = may_expect,
                   .detour = detour_.get(),
                   .usual_head = context_.usual_head()},
                  head);
}

Task<Response> HopExchange::run() {
  stage_ = Stage();
  stage_.trace = request_.trace;
  tell(&RequestTrace::on_request_start, request_.method, request_.url);
  SessionCore& core = *context_.core;
  core.require_allowed(request_.url);
  detour_ = core.detour_for(request_);
  has_answered_proxy_ = false;
  auto state = make_recycled<detail::ResponseState>();
  bool fresh = false;
  for (bool may_expect = true;;) {
    if (request_.body.stream() != nullptr) co_await start_body();
    const Hop hop = plan(may_expect, state->request_head);
    // Mostly a connection is there, and nothing has to wait for it.
    Lease lease = fresh ? Lease() : idle_connection();
    if (!lease) lease = co_await connect(fresh);
    tell(&RequestTrace::on_connection, lease->peer(), lease.is_reused(), stage_.timings);
    if (const auto tls = request_.trace == nullptr ? nullptr : lease->tls()) {
      tell(&RequestTrace::on_tls, *tls);
    }
    tell(&RequestTrace::on_request_headers_sent, hop.head);
    ++context_.attempts;
    std::optional<ExchangeFailure> failure;
    try {
      co_await lease->exchange(hop, stage_, state->reply);
    } catch (const ExchangeFailure& caught) {
      failure = caught;
    }
    if (failure) {
      const bool again = core.replays && may_replay(lease, *failure, hop);
      lease = Lease();
      if (!again) throw_exchange_error(*failure, site());
      tell(&RequestTrace::on_replay, failure->reason);
      fresh = true;
      continue;
    }
    const Reply& reply = state->reply;
    tell(&RequestTrace::on_response_headers, reply.head);
    if (core.hsts) note_hsts(*lease, reply.head);
    may_expect = !is_refused_expectation(reply);
    const bool is_over = may_expect && !(detour_ && answers_proxy(reply.head, state->request_head));
    if (is_over) co_return respond(std::move(state), std::move(lease));
  }
}

/// Whether the proxy, not the server, has answered what was `sent` that it wants other credentials,
/// and there are some to show. Once for each hop.
bool HopExchange::answers_proxy(const proto::ResponseHead& head, std::string_view sent) {
  if (!detour_->is_absolute) return false;
  if (!detour_->authentication->take_info(proxy_authorization_in(sent), head.headers)) {
    std::rethrow_exception(unproven_proxy());
  }
  const bool is_challenge = head.status == kProxyAuthenticationRequired;
  if (!is_challenge || has_answered_proxy_ || !request_.is_replayable()) return false;
  has_answered_proxy_ = detour_->authentication->take_challenge(head.headers);
  return has_answered_proxy_;
}

std::exception_ptr HopExchange::unproven_proxy() const {
  return std::make_exception_ptr(ClientProxyConnectionError(
      site(), "proxy " + detour_->proxy->to_string() + ": " + std::string(kWrongProof)));
}

/// What the proxy has to prove at the end of `response`, which answers what was `sent`.
void HopExchange::check_proof_of_proxy(Response& response, std::string_view sent) const {
  if (!detour_->authentication->is_digest()) return;
  const std::string_view authorization = proxy_authorization_in(sent);
  const auto hash = proto::DigestAuth::integrity_hash(authorization);
  if (!hash && !may_have_trailers(response)) return;
  check_body(response,
             ProxyAuthentication::judge_of_body(detour_->authentication, hash, authorization,
                                                response.headers(), unproven_proxy()));
}

void HopExchange::note_hsts(const Connection& connection, const proto::ResponseHead& head) const {
  if (connection.tls() == nullptr || (detour_ && detour_->tls)) return;
  context_.core->note_hsts(request_.url, head.headers);
}

Lease HopExchange::idle_connection() const {
  try {
    return context_.core->pool->acquire_idle(route_to(request_.url, detour_.get()), stage_);
  } catch (const Error&) {
    throw_connect_error(std::current_exception(), site());
  }
}

Task<Lease> HopExchange::connect(bool fresh) {
  const RouteView route = route_to(request_.url, detour_.get());
  auto acquiring =
      context_.core->pool->acquire(route, fresh, request_.timeout.sock_connect, stage_);
  const auto limit = request_.timeout.connect;
  if (limit) acquiring = timeout(*limit, std::move(acquiring));
  try {
    co_return co_await std::move(acquiring);
  } catch (const Error&) {
    throw_connect_error(std::current_exception(), site());
  }
}

std::optional<proto::ContentDecoder> HopExchange::decoder_for(
    const proto::ResponseHead& head) const {
  const auto coding = head.headers.combined("Content-Encoding");
  if (!coding) return std::nullopt;
  // The body of a redirect that is followed is thrown away as it is.
  const bool is_followed = request_.max_redirects > 0 && proto::is_redirect(head.status) &&
                           head.headers.contains("Location");
  if (is_followed || !context_.core->auto_decompress) return std::nullopt;
  return context_.core->make_decoder(*coding, site());
}

Response HopExchange::respond(detail::ResponseStatePtr state, Lease lease) const {
  const SessionCore& core = *context_.core;
  const Reply& reply = state->reply;
  context_.core->store_cookies(request_.url, reply.head.headers);
  auto decoder = decoder_for(reply.head);
  state->request = &request_;
  state->remote = lease->peer();
  state->tls = lease->tls();
  state->timings = stage_.timings;
  state->attempts = context_.attempts;
  state->body.emplace(*core.loop, std::move(lease), *reply.body, std::move(decoder),
                      BodyLimits{.deadline = context_.deadline,
                                 .max_in_memory = core.max_body_in_memory,
                                 .max_body = core.max_body,
                                 .may_have_trailers = reply.may_have_trailers,
                                 .trace = request_.trace},
                      request_);
  const std::string_view sent = state->request_head;  // lasts as long as the state
  Response response(std::move(state));
  if (detour_ && detour_->is_absolute) check_proof_of_proxy(response, sent);
  return response;
}

}  // namespace rondo::http
